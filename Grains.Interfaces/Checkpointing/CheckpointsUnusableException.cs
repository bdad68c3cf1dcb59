using Millrace.Failures;

namespace Millrace.Checkpointing;

/// <summary>A job can go on from none of its checkpoints.</summary>
/// <param name="findings">What is wrong with each of them, the latest one first.</param>
[GenerateSerializer, Alias("millrace.CheckpointsUnusableException")]
public sealed class CheckpointsUnusableException(IReadOnlyList<string> findings)
    : StreamingException($"The job cannot go on from any of its checkpoints. {string.Join(" ", findings)}")
{
    /// <summary>What is wrong with each of them, the latest one first.</summary>
    [Id(0)]
    public IReadOnlyList<string> Findings { get; } = findings;

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
