using Millrace.Failures;

namespace Millrace.Connectors.Files;

/// <summary>A directory cannot take the output of a job.</summary>
/// <param name="path">Full path.</param>
/// <param name="reason">What is in the way, and what would help.</param>
[GenerateSerializer, Alias("millrace.OutputRefusedException")]
public sealed class OutputRefusedException(string path, string reason)
    : StreamingException($"Output directory '{path}' is refused: {reason}")
{
    /// <summary>Full path.</summary>
    [Id(0)]
    public string Path { get; } = path;

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
