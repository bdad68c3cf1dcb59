using Millrace.Jobs;

namespace Millrace.Checkpointing.Storage;

/// <summary>Where a completed checkpoint is.</summary>
/// <param name="Number">Number of the checkpoint within the job.</param>
/// <param name="Epoch">Who took it: another epoch may use the same number, and neither touches what is the
/// other's.</param>
internal sealed record CheckpointReference(long Number, JobEpoch Epoch);
