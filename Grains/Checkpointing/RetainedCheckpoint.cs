using System.Text.Json.Serialization;
using Millrace.Checkpointing.Storage;
using Millrace.Jobs;

namespace Millrace.Checkpointing;

/// <summary>What a job's record tells of a completed checkpoint that the job can go on from.</summary>
/// <param name="Number">Its number within the job.</param>
/// <param name="Epoch">Who took it.</param>
/// <param name="CompletedAt">When its last part came.</param>
/// <param name="Duration">From its beginning to then.</param>
/// <param name="Bytes">State of all subtasks.</param>
/// <param name="Commits">Whether sinks make something visible with it: whoever goes back past it makes that
/// again.</param>
internal sealed record RetainedCheckpoint(
    long Number, JobEpoch Epoch, DateTimeOffset CompletedAt, TimeSpan Duration, long Bytes, bool Commits)
{
    /// <summary>Where it is.</summary>
    [JsonIgnore]
    public CheckpointReference Reference => new(Number, Epoch);

    /// <summary>As it is shown.</summary>
    [JsonIgnore]
    public CompletedCheckpoint Shown => new(Number, CompletedAt, Duration, Bytes);
}
