using System.Collections.Immutable;
using Millrace.Jobs;

namespace Millrace.Tasks;

/// <summary>Reports of one silo's subtasks to one job.</summary>
/// <param name="Epoch">The epoch that deployed them; of an older epoch they are dropped.</param>
/// <param name="Silo">The silo, as <c>SiloAddress.ToParsableString()</c> writes it.</param>
/// <param name="Reports">In order per subtask.</param>
[GenerateSerializer, Immutable, Alias("millrace.TaskReportBatch")]
public sealed record TaskReportBatch(
    [property: Id(0)] JobEpoch Epoch,
    [property: Id(1)] string Silo,
    [property: Id(2)] ImmutableArray<TaskReport> Reports);

/// <summary>What becomes of a batch of reports.</summary>
public enum ReportAnswer
{
    /// <summary>Taken.</summary>
    Taken,

    /// <summary>Nobody wants them any more: the job has ended, or another epoch is in charge.</summary>
    NotWanted,

    /// <summary>Whoever was reached is not in charge any more: send them again.</summary>
    Later,
}

/// <summary>A source's reader asks the job's side for a split.</summary>
/// <param name="Epoch">The epoch that deployed the reader.</param>
/// <param name="Attempt">The attempt that asks.</param>
/// <param name="Source">The source operator.</param>
/// <param name="Number">How many splits the reader has got before. The same number asked again is answered by the same
/// split, so that one whose answer was lost on the way is not lost itself.</param>
/// <param name="Checkpoint">Number of the last checkpoint whose cut the reader has passed; 0 before the first.</param>
[GenerateSerializer, Immutable, Alias("millrace.SplitRequest")]
public sealed record SplitRequest(
    [property: Id(0)] JobEpoch Epoch,
    [property: Id(1)] ExecutionAttemptId Attempt,
    [property: Id(2)] OperatorId Source,
    [property: Id(3)] long Number,
    [property: Id(4)] long Checkpoint = 0);
