using Millrace.Failures;

namespace Millrace.Connectors.Files;

/// <summary>A file that is part of the input cannot be read, or not as it was when the job started.</summary>
/// <param name="path">Full path.</param>
/// <param name="reason">What was seen, and what is needed.</param>
/// <param name="recovery">Whether running again may help.</param>
/// <param name="innerException">What the file system said.</param>
[GenerateSerializer, Alias("millrace.FileReadException")]
public sealed class FileReadException(
    string path, string reason, Recovery recovery = Recovery.Fail, Exception? innerException = null)
    : StreamingException($"File '{path}' cannot be read: {reason}", innerException)
{
    /// <summary>Full path.</summary>
    [Id(0)]
    public string Path { get; } = path;

    /// <inheritdoc/>
    [Id(1)]
    public override Recovery Recovery { get; } = recovery;

    /// <summary>Says what an error of the file system means for a file that was there when the job started.</summary>
    internal static FileReadException Of(string path, Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException =>
            new(path, "it was there when the job started and is gone now.", Recovery.Fail, exception),
        UnauthorizedAccessException =>
            new(path, "access is denied.", Recovery.Fail, exception),
        InvalidDataException =>
            new(path, $"it is no complete gzip file ({exception.Message}).", Recovery.Fail, exception),
        _ => new(path, exception.Message, Recovery.Restart, exception),
    };
}
