using Millrace.Jobs;

namespace Millrace.Tasks;

/// <summary>A source tells how far its event time has come, and asks how far the slowest of its group is.</summary>
/// <param name="Epoch">The epoch that deployed the subtask.</param>
/// <param name="Attempt">The attempt that asks.</param>
/// <param name="Source">The source operator.</param>
/// <param name="Group">Name of the group within the job.</param>
/// <param name="Watermark">Its last watermark, milliseconds since 1970-01-01 UTC; the least number before the first one,
/// the greatest when nobody is to wait for it.</param>
[GenerateSerializer, Immutable, Alias("millrace.AlignmentReport")]
public sealed record AlignmentReport(
    [property: Id(0)] JobEpoch Epoch,
    [property: Id(1)] ExecutionAttemptId Attempt,
    [property: Id(2)] OperatorId Source,
    [property: Id(3)] string Group,
    [property: Id(4)] long Watermark);
