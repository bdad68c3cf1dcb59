using Millrace.Failures;

namespace Millrace.Connectors.Files;

/// <summary>A path names no input: no such file or directory, or a pattern that matches nothing.</summary>
/// <param name="path">As it was given.</param>
/// <param name="reason">What was looked for, and where.</param>
[GenerateSerializer, Alias("millrace.InputNotFoundException")]
public sealed class InputNotFoundException(string path, string reason)
    : StreamingException($"Input '{path}' was not found: {reason}")
{
    /// <summary>The path as it was given.</summary>
    [Id(0)]
    public string Path { get; } = path;

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
