using Millrace.Batches;
using Millrace.Operators.Outputs;

namespace Millrace.Operators.Connected;

/// <summary>A step with two inputs: the head of its chain. What waits at one of them is worked off before the next
/// element of either is taken, so that both share one time and one end.</summary>
internal abstract class TwoInputOperator<TLeft, TRight>(string name) : StreamOperator(name)
{
    /// <summary>As <see cref="StreamOperator{TIn}.Process"/>, for records of the first input.</summary>
    public abstract int ProcessLeft(RecordBatch<TLeft> batch, int start, int end);

    /// <summary>As <see cref="StreamOperator{TIn}.Process"/>, for records of the second input.</summary>
    public abstract int ProcessRight(RecordBatch<TRight> batch, int start, int end);

    /// <summary>As <see cref="StreamOperator{TIn}.Advance"/>: it holds for both inputs.</summary>
    public abstract bool Advance(long watermark);

    /// <summary>As <see cref="StreamOperator{TIn}.Change"/>: it holds for both inputs together.</summary>
    public abstract void Change(WatermarkStatus status);

    /// <summary>As <see cref="StreamOperator{TIn}.Finish"/>, once both inputs have ended.</summary>
    public abstract bool Finish();
}

/// <summary>A step with two inputs, a main output and side outputs. A record is a unit, and so is a timer.</summary>
internal abstract class TwoInputOperator<TLeft, TRight, TOut>(string name, Output<TOut> output, SideOutputs sides)
    : TwoInputOperator<TLeft, TRight>(name)
{
    public sealed override bool CanTake => output.IsAvailable && Sides.AreAvailable;

    /// <summary>Where functions emit to.</summary>
    protected UnitCollector<TOut> Collector { get; } = new(output);

    protected SideOutputs Sides { get; } = sides;

    public sealed override void EndRound()
    {
        if (!IsFinished)
        {
            FireProcessingTime();
        }

        output.EndRound();
        Sides.EndRound();
    }

    public sealed override bool Advance(long watermark)
    {
        if (!FireEventTime(watermark))
        {
            return false;
        }

        output.EmitWatermark(watermark);
        Sides.EmitWatermark(watermark);
        return true;
    }

    public sealed override void Change(WatermarkStatus status)
    {
        output.Emit(status);
        Sides.Emit(status);
    }

    public sealed override bool Finish()
    {
        output.Emit(EndOfData.Instance);
        Sides.Emit(EndOfData.Instance);
        IsFinished = true;
        return true;
    }

    public override void Dispose()
    {
        output.Dispose();
        Sides.Dispose();
    }

    /// <summary>Does what is due by a watermark, unit by unit.</summary>
    /// <returns>False when the outputs had no more room, or the round is over: call again.</returns>
    protected abstract bool FireEventTime(long watermark);

    /// <summary>Does what is due by the clock, as long as the outputs have room.</summary>
    protected virtual void FireProcessingTime()
    {
    }

    /// <summary>A record's unit begins: what is emitted has its time.</summary>
    /// <returns>The time of the record, or null.</returns>
    protected long? Begin<T>(RecordBatch<T> batch, int index) =>
        Begin(batch.Timestamps is long[] timestamps ? timestamps[index] : RecordBatch.NoTimestamp);

    /// <summary>A unit begins: what is emitted has this time.</summary>
    /// <returns>The time, or null when it is none.</returns>
    protected long? Begin(long timestamp)
    {
        Collector.Timestamp = timestamp;
        Sides.SetTimestamp(timestamp);
        return timestamp == RecordBatch.NoTimestamp ? null : timestamp;
    }
}
