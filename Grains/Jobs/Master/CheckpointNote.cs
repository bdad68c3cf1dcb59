using Millrace.Checkpointing.Statistics;
using Millrace.Failures;

namespace Millrace.Jobs.Master;

/// <summary>What became of a checkpoint, for the log and the instruments.</summary>
internal abstract record CheckpointNote(long Number)
{
    /// <summary>It is complete.</summary>
    internal sealed record Completed(long Number, long Bytes, TimeSpan Duration) : CheckpointNote(Number);

    /// <summary>It has failed.</summary>
    internal sealed record GaveUp(long Number, CheckpointFailureReason Reason, FailureInfo Failure)
        : CheckpointNote(Number);

    /// <summary>The job goes back past one that is damaged.</summary>
    internal sealed record Damaged(long Number, FailureInfo Finding) : CheckpointNote(Number);

    /// <summary>The job goes on from it.</summary>
    /// <param name="Number">Its number.</param>
    /// <param name="Repeats">Whether results that are visible already will be made again.</param>
    internal sealed record FellBack(long Number, bool Repeats) : CheckpointNote(Number);
}
