using Millrace.Batches;
using Millrace.Operators.Outputs;

namespace Millrace.Operators.Process;

/// <summary>
/// An operator with one input, a main output and side outputs. A record is a unit, and so is a timer.
/// </summary>
internal abstract class ProcessingOperator<TIn, TOut>(string name, Output<TOut> output, SideOutputs sides)
    : StreamOperator<TIn>(name)
{
    public sealed override bool CanTake => Output.IsAvailable && Sides.AreAvailable;

    /// <summary>Where functions emit to.</summary>
    protected UnitCollector<TOut> Collector { get; } = new(output);

    /// <summary>The main output, for those who write blocks.</summary>
    protected Output<TOut> Output { get; } = output;

    protected SideOutputs Sides { get; } = sides;

    public sealed override void EndRound()
    {
        if (!IsFinished)
        {
            FireProcessingTime();
        }

        Output.EndRound();
        Sides.EndRound();
    }

    public sealed override bool Advance(long watermark)
    {
        if (!FireEventTime(watermark))
        {
            return false;
        }

        Output.EmitWatermark(watermark);
        Sides.EmitWatermark(watermark);
        return true;
    }

    public sealed override void Change(WatermarkStatus status)
    {
        Output.Emit(status);
        Sides.Emit(status);
    }

    public sealed override bool TryDrain() => EmitRest();

    public sealed override bool Finish()
    {
        if (!EmitRest())
        {
            return false;
        }

        Output.Emit(EndOfData.Instance);
        Sides.Emit(EndOfData.Instance);
        IsFinished = true;
        return true;
    }

    public override void Dispose()
    {
        Output.Dispose();
        Sides.Dispose();
    }

    /// <summary>Fires the timers up to a watermark, unit by unit.</summary>
    /// <returns>False when the outputs had no more room, or the round is over: call again.</returns>
    protected abstract bool FireEventTime(long watermark);

    /// <summary>Fires the timers that are due by the clock, as long as the outputs have room.</summary>
    protected abstract void FireProcessingTime();

    /// <summary>Emits what is left at the end of the input, unit by unit.</summary>
    /// <returns>False when the outputs had no more room, or the round is over: call again.</returns>
    protected virtual bool EmitRest() => true;

    /// <summary>A record's unit begins: what is emitted has its time.</summary>
    /// <returns>The time of the record, or null.</returns>
    protected long? Begin(RecordBatch<TIn> batch, int index) =>
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
