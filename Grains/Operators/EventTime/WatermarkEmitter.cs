using Millrace.Batches;
using Millrace.EventTime;

namespace Millrace.Operators.EventTime;

/// <summary>Gives records their timestamps and says how far time has come: the least of all splits that are not
/// idle.</summary>
/// <remarks>
/// Belongs to one loop. Periodic watermarks come at the end of a batch or of a round, whichever is first; while nothing
/// else wakes the loop, a delay does. Idleness is measured in <see cref="ISubtaskLoop.ReadingTicks"/>, which stand
/// still while the outputs are full.
/// </remarks>
internal sealed class WatermarkEmitter<T>(WatermarkStrategy<T> strategy, WatermarkTools tools, Output<T> output)
{
    // Where the interval is zero, idleness and generators that watch the clock are still asked now and then.
    private static readonly TimeSpan IdleInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LeastDelay = TimeSpan.FromMilliseconds(1);

    private readonly Dictionary<int, SplitTime<T>> _splits = [];
    private readonly long _intervalTicks = TicksOf(tools.Interval, tools);
    private readonly long _idleTicks =
        strategy.Idleness is TimeSpan idleness ? TicksOf(idleness, tools) : long.MaxValue;

    private long _output = RecordBatch.NoWatermark;
    private long _due;
    private long _emptySince;
    private int _splitsAdded;
    private bool _isOff = tools.OnlyFinal;
    private bool _isIdle;
    private bool _delayed;

    /// <summary>The last watermark. From any thread.</summary>
    public long Watermark => Volatile.Read(ref _output);

    /// <summary>How far others of its group are to wait for it: the last watermark, or the greatest number when it is
    /// idle or has nothing to read.</summary>
    public long Pace => _isIdle || _splits.Count == 0 ? long.MaxValue : _output;

    /// <summary>What holds it while it is ahead of its group; null when the strategy asks for nothing, or time stands
    /// until the end.</summary>
    /// <param name="source">Under which the job's side knows the source.</param>
    public SourceAlignment? AlignmentOf(string source) =>
        strategy.Alignment is { } alignment && !tools.OnlyFinal
            ? new SourceAlignment(alignment, source, tools.Loop)
            : null;

    /// <summary>Before <see cref="Start"/>, if at all: time goes on from where it was, and not back.</summary>
    public void Restore(long watermark) => Volatile.Write(ref _output, watermark);

    /// <summary>Before the first record.</summary>
    /// <param name="bySplit">Whether each split has its own time; else all records share one.</param>
    public void Start(bool bySplit)
    {
        _due = tools.Clock.Last + _intervalTicks;
        _emptySince = tools.Loop.ReadingTicks;
        if (!bySplit)
        {
            AddSplit();
        }
    }

    /// <summary>A split will be read: until something is known of it, time stands.</summary>
    public void AddSplit()
    {
        int split = _splitsAdded++;
        if (_isOff)
        {
            return;
        }

        SplitTime<T> time = SplitTime<T>.Of(strategy, tools.Loop.Time);
        time.LastSeen = tools.Loop.ReadingTicks;
        _splits.Add(split, time);
    }

    /// <summary>Nothing follows of a split.</summary>
    public void EndSplit(int split)
    {
        if (_splits.Remove(split))
        {
            _emptySince = tools.Loop.ReadingTicks;
        }
    }

    /// <summary>Records are about to be written: time counts again.</summary>
    public void Begin()
    {
        if (_isIdle)
        {
            _isIdle = false;
            output.Emit(WatermarkStatus.Active);
        }
    }

    /// <summary>Gives records their timestamps.</summary>
    /// <param name="split">The split they are of; 0 where all share one time.</param>
    /// <param name="records">The records, before they are counted.</param>
    /// <param name="timestamps">What is known so far of each.</param>
    /// <returns>The watermark that holds behind them, if there is a new one to be emitted now.</returns>
    public long Take(int split, ReadOnlySpan<T> records, Span<long> timestamps)
    {
        strategy.Assigner?.Assign(records, timestamps);
        if (_isOff)
        {
            return RecordBatch.NoWatermark;
        }

        SplitTime<T> time = TimeOf(split);
        long before = time.Watermark;
        time.IsIdle = false;
        time.LastSeen = tools.Loop.ReadingTicks;
        time.See(records, timestamps);
        if (tools.Clock.Last >= _due)
        {
            return Poll();
        }

        return time.Watermark == before ? RecordBatch.NoWatermark : Next();
    }

    /// <summary>Emits what is due by the clock; asked while the output has room, when there are no records or the round
    /// ends.</summary>
    public void Tick()
    {
        if (_isOff)
        {
            return;
        }

        if (tools.Clock.Last >= _due)
        {
            Tell(Poll());
        }

        WakeWhenDue();
    }

    /// <summary>The end of the input: the last watermark.</summary>
    public void End()
    {
        _isOff = true;
        Volatile.Write(ref _output, long.MaxValue);
        output.EmitWatermark(long.MaxValue);
    }

    private static long TicksOf(TimeSpan time, WatermarkTools tools) =>
        (long)(time.TotalSeconds * tools.Loop.Time.TimestampFrequency);

    private SplitTime<T> TimeOf(int split) => _splits.TryGetValue(split, out SplitTime<T>? time)
        ? time
        : throw new InvalidOperationException(
            $"A reader gives records of split {split}, which it was not given or has ended; so far it was given " +
            $"{_splitsAdded}, counted from 0.");

    // A split that becomes idle now has said its last word before; without it, the others may be further.
    private long Poll()
    {
        _due = tools.Clock.Last + _intervalTicks;
        long now = tools.Loop.ReadingTicks;
        foreach (SplitTime<T> time in _splits.Values)
        {
            time.Tick();
        }

        long watermark = Next();
        foreach (SplitTime<T> time in _splits.Values)
        {
            time.IsIdle |= now - time.LastSeen >= _idleTicks;
        }

        return Math.Max(watermark, Next());
    }

    private void Tell(long watermark)
    {
        bool isIdle = IsIdle();
        if (!isIdle)
        {
            Begin();
        }

        output.EmitWatermark(watermark);
        if (isIdle && !_isIdle)
        {
            _isIdle = true;
            output.Emit(WatermarkStatus.Idle);
        }

        // Nothing of it may wait in a batch that records are read into next.
        output.EndRound();
    }

    private bool IsIdle()
    {
        foreach (SplitTime<T> time in _splits.Values)
        {
            if (!time.IsIdle)
            {
                return false;
            }
        }

        return _splits.Count > 0 || tools.Loop.ReadingTicks - _emptySince >= _idleTicks;
    }

    private long Next()
    {
        long least = long.MaxValue;
        bool counts = false;
        foreach (SplitTime<T> time in _splits.Values)
        {
            if (!time.IsIdle)
            {
                counts = true;
                least = Math.Min(least, time.Watermark);
            }
        }

        if (!counts || least <= _output)
        {
            return RecordBatch.NoWatermark;
        }

        Volatile.Write(ref _output, least);
        return least;
    }

    private void WakeWhenDue()
    {
        if (_delayed || !WantsTick())
        {
            return;
        }

        _delayed = true;
        TimeSpan delay = _intervalTicks == 0 ? IdleInterval : tools.Clock.Until(_due);
        tools.Loop.Run(async cancellationToken =>
        {
            await tools.Loop.DelayAsync(delay < LeastDelay ? LeastDelay : delay, cancellationToken);
            tools.Loop.Post(() => _delayed = false);
        });
    }

    private bool WantsTick()
    {
        foreach (SplitTime<T> time in _splits.Values)
        {
            if (time.WantsTick || (!time.IsIdle && strategy.Idleness is not null))
            {
                return true;
            }
        }

        return _splits.Count == 0 && !_isIdle && strategy.Idleness is not null;
    }
}
