using Millrace.Failures;

namespace Millrace.Programs;

/// <summary>The project of a program does not build.</summary>
/// <param name="project">Path of the project file.</param>
/// <param name="reason">What went wrong, in one clause.</param>
/// <param name="output">The lines that say why, as the build printed them.</param>
[GenerateSerializer, Alias("millrace.PublishFailedException")]
public sealed class PublishFailedException(string project, string reason, string output)
    : StreamingException($"Project '{project}' was not published: {reason}.{Environment.NewLine}{output}".TrimEnd())
{
    /// <summary>The lines that say why, as the build printed them.</summary>
    [Id(0)]
    public string Output { get; } = output;

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
