using Millrace.Failures;

namespace Millrace.Connectors.Files;

/// <summary>Output cannot be written, or not be made visible.</summary>
/// <param name="path">Full path of the file or directory.</param>
/// <param name="reason">What was seen, and what is needed.</param>
/// <param name="recovery">Whether running again may help.</param>
/// <param name="innerException">What the file system said.</param>
[GenerateSerializer, Alias("millrace.FileWriteException")]
public sealed class FileWriteException(
    string path, string reason, Recovery recovery = Recovery.Fail, Exception? innerException = null)
    : StreamingException($"Output '{path}' cannot be written: {reason}", innerException)
{
    /// <summary>Full path of the file or directory.</summary>
    [Id(0)]
    public string Path { get; } = path;

    /// <inheritdoc/>
    [Id(1)]
    public override Recovery Recovery { get; } = recovery;

    /// <summary>Whether an exception is one of the file system.</summary>
    internal static bool Explains(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>Says what an error of the file system means.</summary>
    internal static FileWriteException Of(string path, Exception exception) => new(
        path,
        exception.Message,
        exception is UnauthorizedAccessException ? Recovery.Fail : Recovery.Restart,
        exception);
}
