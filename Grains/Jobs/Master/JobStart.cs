using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Savepoints;

namespace Millrace.Jobs.Master;

/// <summary>Where a job master begins.</summary>
/// <param name="Epoch">Its epoch.</param>
/// <param name="SubmittedAt">When the job was accepted.</param>
/// <param name="IsTakeOver">Whether there was another epoch before.</param>
/// <param name="Attempt">Number of the first attempts; higher than any that older epochs may have used.</param>
/// <param name="Restarts">Restarts of older epochs.</param>
/// <param name="Checkpoints">The completed checkpoints of older epochs that it can go on from, the latest one first;
/// null when there are none.</param>
/// <param name="From">What the job was submitted to go on from, when it begins; or null. Who takes over reads it where
/// there are no checkpoints of its own.</param>
/// <param name="Savepoint">The savepoint the job ends with, when an older epoch has decided that.</param>
/// <param name="OpenSavepoints">Savepoints of older epochs of which there may be files.</param>
/// <param name="LostPreparing">Epochs in a row, up to this one, that were lost while the job's own code prepared on
/// their silos.</param>
/// <param name="LostCommitting">Epochs in a row, up to this one, that were lost while they committed.</param>
internal sealed record JobStart(
    JobEpoch Epoch,
    DateTimeOffset SubmittedAt,
    bool IsTakeOver = false,
    int Attempt = 0,
    int Restarts = 0,
    ImmutableArray<RetainedCheckpoint>? Checkpoints = null,
    CheckpointMetadata? From = null,
    StoppingSavepoint? Savepoint = null,
    ImmutableArray<OpenSavepoint>? OpenSavepoints = null,
    int LostPreparing = 0,
    int LostCommitting = 0);
