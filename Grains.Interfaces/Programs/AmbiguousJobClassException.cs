using Millrace.Failures;

namespace Millrace.Programs;

/// <summary>A package has several classes that define a job, and none was named.</summary>
/// <param name="assemblyName">The package's main assembly.</param>
/// <param name="candidates">Full names of the classes.</param>
[GenerateSerializer, Alias("millrace.AmbiguousJobClassException")]
public sealed class AmbiguousJobClassException(string assemblyName, string[] candidates)
    : StreamingException(
        $"Assembly '{assemblyName}' has {candidates.Length} jobs: {string.Join(", ", candidates)}. Name one with -c.")
{
    /// <summary>Full names of the classes that could be meant.</summary>
    [Id(0)]
    public string[] Candidates { get; } = candidates;

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
