using Millrace.Failures;

namespace Millrace.Checkpointing;

/// <summary>A part of a checkpoint is missing or is not what was written.</summary>
/// <param name="place">Where it is.</param>
/// <param name="finding">What is wrong with it.</param>
/// <param name="cause">What was found out first, or null.</param>
[GenerateSerializer, Alias("millrace.CheckpointCorruptedException")]
public sealed class CheckpointCorruptedException(string place, string finding, Exception? cause = null)
    : StreamingException($"Checkpoint '{place}' is corrupt: {finding}", cause)
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
