using Millrace.Batches;
using Millrace.EventTime;

namespace Millrace.Operators.EventTime;

/// <summary>How far event time has come in one split, or in all that a subtask reads. Belongs to one loop.</summary>
internal abstract class SplitTime<T>
{
    /// <summary>The watermark that holds behind everything seen.</summary>
    public long Watermark { get; protected set; } = RecordBatch.NoWatermark;

    /// <summary>Whether nobody is to wait for it.</summary>
    public bool IsIdle { get; set; }

    /// <summary>When the last records came, by the clock that idleness is measured with.</summary>
    public long LastSeen { get; set; }

    /// <summary>Whether <see cref="Tick"/> may have something to say though no records come.</summary>
    public abstract bool WantsTick { get; }

    /// <summary>How far event time comes as a strategy says.</summary>
    public static SplitTime<T> Of(WatermarkStrategy<T> strategy, TimeProvider time)
    {
        if (strategy.DelayMilliseconds is long delay)
        {
            return new DelayedTime<T>(delay);
        }

        return strategy.Generator is { } create
            ? new GeneratedTime<T>(create(new WatermarkGeneratorContext(time)) ?? throw new InvalidOperationException(
                "The function given to WatermarkStrategy.ForGenerator returned null: a generator is needed."))
            : new StandingTime<T>();
    }

    /// <summary>Sees records of a batch.</summary>
    public abstract void See(ReadOnlySpan<T> records, ReadOnlySpan<long> timestamps);

    /// <summary>It is time for a periodic watermark.</summary>
    public abstract void Tick();
}

/// <summary>Moves at the end of the input only.</summary>
internal sealed class StandingTime<T> : SplitTime<T>
{
    public override bool WantsTick => false;

    public override void See(ReadOnlySpan<T> records, ReadOnlySpan<long> timestamps)
    {
    }

    public override void Tick()
    {
    }
}

/// <summary>Follows the greatest timestamp at a distance.</summary>
/// <param name="delayMilliseconds">The distance.</param>
internal sealed class DelayedTime<T>(long delayMilliseconds) : SplitTime<T>
{
    // A record without timestamp has the least one, and leaves it where it is.
    private long _greatest = RecordBatch.NoWatermark + delayMilliseconds + 1;

    public override bool WantsTick => _greatest - delayMilliseconds - 1 > Watermark;

    public override void See(ReadOnlySpan<T> records, ReadOnlySpan<long> timestamps)
    {
        long greatest = _greatest;
        foreach (long timestamp in timestamps)
        {
            greatest = Math.Max(greatest, timestamp);
        }

        _greatest = greatest;
    }

    // A record with the greatest timestamp may still come, so the watermark stays below it.
    public override void Tick() => Watermark = _greatest - delayMilliseconds - 1;
}

/// <summary>As a generator of the user says.</summary>
internal sealed class GeneratedTime<T>(IWatermarkGenerator<T> generator) : SplitTime<T>, IWatermarkOutput
{
    public override bool WantsTick => true;

    public override void See(ReadOnlySpan<T> records, ReadOnlySpan<long> timestamps)
    {
        for (int i = 0; i < records.Length; i++)
        {
            generator.OnEvent(in records[i], timestamps[i], this);
        }
    }

    public override void Tick() => generator.OnPeriodicEmit(this);

    public void EmitWatermark(long timestamp)
    {
        IsIdle = false;
        Watermark = Math.Max(Watermark, timestamp);
    }

    public void MarkIdle() => IsIdle = true;

    public void MarkActive() => IsIdle = false;
}
