using Millrace.Failures;

namespace Millrace.Checkpointing;

/// <summary>A program cannot go on from a savepoint. Nothing was started.</summary>
/// <param name="path">The savepoint.</param>
/// <param name="reasons">What does not fit, as whole sentences; at least one.</param>
[GenerateSerializer, Alias("millrace.IncompatibleSavepointException")]
public sealed class IncompatibleSavepointException(string path, IReadOnlyList<string> reasons)
    : StreamingException($"The program cannot go on from '{path}': {string.Join(' ', reasons)}")
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
