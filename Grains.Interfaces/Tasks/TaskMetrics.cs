namespace Millrace.Tasks;

/// <summary>Figures of one subtask at one moment. Counts and times only grow.</summary>
/// <remarks>Busy, backpressured and idle time add up to the time since it began to process.</remarks>
/// <param name="Attempt">Which attempt of which subtask.</param>
/// <param name="State">The state it is in.</param>
/// <param name="RecordsIn">Records its head took; for a source, records read.</param>
/// <param name="RecordsOut">Records it sent to other subtasks; for a sink at the end of the chain, records
/// written.</param>
/// <param name="BatchesIn">Batches its head took.</param>
/// <param name="BusyNanoseconds">Time its loop had something to do: it ran, or waited for its turn to.</param>
/// <param name="BackpressuredNanoseconds">Time its loop waited for room in an output.</param>
/// <param name="IdleNanoseconds">Time its loop waited for input.</param>
[GenerateSerializer, Immutable, Alias("millrace.TaskMetrics")]
public sealed record TaskMetrics(
    [property: Id(0)] ExecutionAttemptId Attempt,
    [property: Id(1)] ExecutionState State,
    [property: Id(2)] long RecordsIn,
    [property: Id(3)] long RecordsOut,
    [property: Id(4)] long BatchesIn,
    [property: Id(5)] long BusyNanoseconds,
    [property: Id(6)] long BackpressuredNanoseconds,
    [property: Id(7)] long IdleNanoseconds)
{
    /// <summary>Batches it sent to other subtasks, with empty ones that carry only a watermark.</summary>
    [Id(8)]
    public long BatchesOut { get; init; }

    /// <summary>Serialized bytes it took from subtasks on other silos.</summary>
    [Id(9)]
    public long BytesIn { get; init; }

    /// <summary>Serialized bytes it sent to subtasks on other silos.</summary>
    [Id(10)]
    public long BytesOut { get; init; }

    /// <summary>Processor time its loop used, in nanoseconds.</summary>
    [Id(11)]
    public long ProcessorNanoseconds { get; init; }

    /// <summary>Batches that wait in its input.</summary>
    [Id(12)]
    public long QueuedIn { get; init; }

    /// <summary>Batches it sent that wait on this silo.</summary>
    [Id(13)]
    public long QueuedOut { get; init; }

    /// <summary>Bytes it sent that wait for credit or for their turn on a connection.</summary>
    [Id(14)]
    public long QueuedOutBytes { get; init; }

    /// <summary>Letters in its loop's mailbox.</summary>
    [Id(15)]
    public int Mailbox { get; init; }

    /// <summary>The watermark that holds after everything taken, in milliseconds since 1970-01-01 UTC; null before the
    /// first one.</summary>
    [Id(16)]
    public long? InputWatermark { get; init; }

    /// <summary>The lowest watermark that holds after everything sent, in milliseconds since 1970-01-01 UTC; null
    /// before the first one.</summary>
    [Id(17)]
    public long? OutputWatermark { get; init; }

    /// <summary>Records of lookup joins whose rows were in the cache.</summary>
    [Id(18)]
    public long LookupHits { get; init; }

    /// <summary>Records of lookup joins whose rows were not in the cache.</summary>
    [Id(19)]
    public long LookupMisses { get; init; }

    /// <summary>Keys that have left the caches of lookup joins, for want of room or because they had expired.</summary>
    [Id(20)]
    public long LookupEvictions { get; init; }

    /// <summary>Time since it began to process, in nanoseconds; it stands still when the subtask has ended.</summary>
    public long ElapsedNanoseconds => BusyNanoseconds + BackpressuredNanoseconds + IdleNanoseconds;
}
