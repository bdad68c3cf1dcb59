using Millrace.Batches;

namespace Millrace.Operators;

/// <summary>What waits in front of an operator, and how far it has come with it.</summary>
internal abstract class OperatorInput : IDisposable
{
    /// <summary>The operator behind it.</summary>
    public abstract StreamOperator Operator { get; }

    /// <summary>Whether nothing waits.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>Records taken so far.</summary>
    public abstract long Records { get; }

    /// <summary>
    /// Goes on with what waits until nothing is left, the operator cannot take more or the round is over.
    /// </summary>
    /// <returns>Whether nothing is left.</returns>
    public abstract bool Run();

    /// <summary>What waits, the oldest first, for a snapshot that is taken while the operator is held up. Whether time
    /// counts is left out: each attempt finds that out anew.</summary>
    public abstract IEnumerable<WaitingRecords> Waiting { get; }

    /// <summary>Brings the record at work to its end (<see cref="StreamOperator.EndUnit"/>).</summary>
    /// <returns>False when it cannot be, at least not yet.</returns>
    public abstract bool EndUnit();

    /// <summary>Has the operator take, without working on them, records that wait (<see
    /// cref="StreamOperator{TIn}.TakeAside"/>).</summary>
    /// <returns>Whether it took any.</returns>
    public abstract bool TakeAside();

    /// <summary>Gives back what waits.</summary>
    public abstract void Dispose();
}

/// <summary>What is left of a batch in front of an operator.</summary>
/// <param name="Batch">The batch, which stays its holder's; null for a watermark alone.</param>
/// <param name="First">The first record that is left; the batch's count when none is.</param>
/// <param name="Watermark">What holds behind it, or <see cref="RecordBatch.NoWatermark"/>.</param>
internal readonly record struct WaitingRecords(RecordBatch? Batch, int First, long Watermark);

/// <summary>The input of an operator with its type.</summary>
/// <remarks>Offers ranges of a batch that are sized by what they cost: a slow function gets one record at a time, so
/// that the loop comes back to its mail.</remarks>
internal sealed class OperatorInput<T>(StreamOperator<T> target, RoundClock clock, ChainFailure failure) : OperatorInput
{
    private const int MaxRange = 65_536;

    private readonly Queue<Entry> _waiting = [];
    private int _position;
    private int _range = 1;
    private long _records;

    public override StreamOperator Operator => target;

    public override bool IsEmpty => _waiting.Count == 0;

    public override IEnumerable<WaitingRecords> Waiting
    {
        get
        {
            int first = _position;
            foreach (Entry waiting in _waiting)
            {
                if (waiting.Element is null or RecordBatch)
                {
                    yield return new WaitingRecords(waiting.Element as RecordBatch, first, waiting.Watermark);
                }

                first = 0;
            }
        }
    }

    public override long Records => _records;

    /// <summary>Batches taken so far.</summary>
    public long Batches { get; private set; }

    /// <summary>Puts a batch behind what waits, with the watermark on it. The caller's reference moves.</summary>
    public void Add(RecordBatch<T> batch) => _waiting.Enqueue(new Entry(batch, batch.Watermark));

    /// <summary>Puts an element behind those that wait. The caller's reference moves.</summary>
    /// <param name="element">A batch or a control element.</param>
    /// <param name="watermark">What holds behind it here, whatever the batch says; <see
    /// cref="RecordBatch.NoWatermark"/> for nothing new.</param>
    public void Add(StreamElement element, long watermark = RecordBatch.NoWatermark) =>
        _waiting.Enqueue(new Entry(element, watermark));

    /// <summary>Puts a watermark behind what waits.</summary>
    public void Add(long watermark) => _waiting.Enqueue(new Entry(null, watermark));

    /// <summary>Processes a batch at once, when nothing waits.</summary>
    /// <param name="batch">Of a pool that only the caller's loop uses.</param>
    /// <returns>True when the batch is empty again and still the caller's, as it also is when this throws. False when
    /// some of it waits here, and the caller's reference with it: fill another one, then call <see
    /// cref="Run()"/>.</returns>
    public bool TryTake(RecordBatch<T> batch)
    {
        if (_waiting.Count > 0)
        {
            Add(batch);
            return false;
        }

        try
        {
            StreamOperator? caller = failure.Enter(target);
            bool done = RunBatch(batch, batch.Watermark);
            failure.Leave(caller);
            if (done)
            {
                batch.Recycle();
                return true;
            }
        }
        catch (Exception exception) when (failure.Note(exception, target))
        {
            throw;
        }

        Add(batch);
        return false;
    }

    public override bool Run()
    {
        try
        {
            StreamOperator? caller = failure.Enter(target);
            bool done = RunWaiting();
            failure.Leave(caller);
            return done;
        }
        catch (Exception exception) when (failure.Note(exception, target))
        {
            throw;
        }
    }

    public override bool EndUnit()
    {
        try
        {
            StreamOperator? caller = failure.Enter(target);
            int ended = target.EndUnit();
            failure.Leave(caller);
            _position += Math.Max(ended, 0);
            _records += Math.Max(ended, 0);
            return ended >= 0;
        }
        catch (Exception exception) when (failure.Note(exception, target))
        {
            throw;
        }
    }

    public override bool TakeAside()
    {
        if (!_waiting.TryPeek(out Entry waiting) || waiting.Element is not RecordBatch<T> batch)
        {
            return false;
        }

        int next = _position < batch.Count ? target.TakeAside(batch, _position, batch.Count) : _position;
        bool tookAny = next > _position;
        _records += next - _position;
        _position = next;
        return tookAny;
    }

    public override void Dispose()
    {
        foreach (Entry waiting in _waiting)
        {
            waiting.Element?.Release();
        }

        _waiting.Clear();
    }

    private bool RunWaiting()
    {
        while (_waiting.TryPeek(out Entry waiting))
        {
            if (!Run(waiting))
            {
                return false;
            }

            _waiting.Dequeue();
        }

        return true;
    }

    private bool Run(Entry waiting)
    {
        switch (waiting.Element)
        {
            case RecordBatch<T> batch:
                return RunAndRelease(batch, waiting.Watermark);
            case null:
                return target.Advance(waiting.Watermark);
            case WatermarkStatus status:
                target.Change(status);
                return true;
            case EndOfData:
                return target.Finish();
            default:
                throw new InvalidOperationException(
                    $"Operator '{target.Name}' got an element of type {waiting.Element.GetType()}: " +
                    $"its input takes {typeof(T)}.");
        }
    }

    private bool RunAndRelease(RecordBatch<T> batch, long watermark)
    {
        if (!RunBatch(batch, watermark))
        {
            return false;
        }

        batch.Release();
        return true;
    }

    // What is left to do of the watermark alone is done by the same call: then the position is at the batch's end.
    private bool RunBatch(RecordBatch<T> batch, long watermark)
    {
        while (_position < batch.Count)
        {
            if (clock.IsOver || !target.CanTake)
            {
                return false;
            }

            long begin = clock.Last;
            int end = Math.Min(_position + _range, batch.Count);
            int next = target.Process(batch, _position, end);
            _records += next - _position;
            Resize(next - _position, clock.Read() - begin);
            _position = next;
        }

        if (watermark != RecordBatch.NoWatermark && !target.Advance(watermark))
        {
            return false;
        }

        Batches += batch.Count > 0 ? 1 : 0;
        _position = 0;
        return true;
    }

    private void Resize(int records, long ticks)
    {
        if (ticks > clock.RangeTicks)
        {
            _range = Math.Max(1, _range / 2);
            return;
        }

        if (records >= _range && _range < MaxRange && ticks * 2 <= clock.RangeTicks)
        {
            _range *= 2;
        }
    }

    /// <summary>A batch or control element with the watermark that holds behind it; without an element, a watermark
    /// alone.</summary>
    private readonly record struct Entry(StreamElement? Element, long Watermark);
}
