using Millrace.Batches;

namespace Millrace.Operators.Async;

/// <summary>A record that is under way, or the time that comes behind records. Belongs to the loop; used again.
/// </summary>
internal sealed class AsyncElement<TIn, TResult>
{
    /// <summary>The one that came before, and is still there.</summary>
    public AsyncElement<TIn, TResult>? Previous { get; set; }

    /// <summary>The one that came behind.</summary>
    public AsyncElement<TIn, TResult>? Next { get; set; }

    public AsyncState State { get; set; }

    /// <summary>How many elements of time came before it.</summary>
    public long Segment { get; set; }

    /// <summary>The record.</summary>
    public TIn Value { get; set; } = default!;

    /// <summary>Of the record; <see cref="RecordBatch.NoTimestamp"/> for none.</summary>
    public long Timestamp { get; set; }

    /// <summary>Number of the record in the operator's input, from 0; -1 for one from a snapshot.</summary>
    public long Number { get; set; }

    /// <summary>Calls made for it so far.</summary>
    public int Attempts { get; set; }

    /// <summary>Reading of the clock at which its time is over.</summary>
    public long Deadline { get; set; }

    /// <summary>Reading of the clock at which it is tried again.</summary>
    public long RetryAt { get; set; }

    /// <summary>Reading of the clock at which something is to be done about it
    /// (<see cref="DueQueue{TIn,TResult}"/>).</summary>
    public long Due { get; set; }

    /// <summary>Its place among those about which something is to be done, or -1.</summary>
    public int DuePlace { get; set; } = -1;

    /// <summary>The call under way, or that its results are of.</summary>
    public AsyncAttempt<TIn, TResult>? Attempt { get; set; }

    /// <summary>The watermark that holds behind the records before it, or <see cref="RecordBatch.NoWatermark"/>.
    /// </summary>
    public long Watermark { get; set; }

    /// <summary>Whether records follow, where that changes.</summary>
    public WatermarkStatus? Status { get; set; }
}

/// <summary>How far an element has come.</summary>
internal enum AsyncState
{
    /// <summary>A record from a snapshot, for which there was no room yet.</summary>
    Waiting,

    /// <summary>Its call is under way.</summary>
    Running,

    /// <summary>A call has failed; the next one is to be made later.</summary>
    Retrying,

    /// <summary>Its results are complete.</summary>
    Done,

    /// <summary>No record: a watermark, a status, or both.</summary>
    Time,
}
