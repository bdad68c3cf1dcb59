using Millrace.Checkpointing;

namespace Millrace.Jobs.Master;

/// <summary>Where a job master begins.</summary>
/// <param name="Epoch">Its epoch.</param>
/// <param name="SubmittedAt">When the job was accepted.</param>
/// <param name="IsTakeOver">Whether there was another epoch before.</param>
/// <param name="Attempt">Number of the first attempts; higher than any that older epochs may have used.</param>
/// <param name="Restarts">Restarts of older epochs.</param>
/// <param name="Checkpoint">The latest completed checkpoint of older epochs, or null.</param>
internal sealed record JobStart(
    JobEpoch Epoch,
    DateTimeOffset SubmittedAt,
    bool IsTakeOver = false,
    int Attempt = 0,
    int Restarts = 0,
    CheckpointMetadata? Checkpoint = null);
