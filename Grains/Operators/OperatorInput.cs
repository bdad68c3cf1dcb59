using Millrace.Batches;

namespace Millrace.Operators;

/// <summary>What waits in front of an operator, and how far it has come with it.</summary>
internal abstract class OperatorInput : IDisposable
{
    /// <summary>The operator behind it.</summary>
    public abstract StreamOperator Operator { get; }

    /// <summary>Whether nothing waits.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>
    /// Goes on with what waits until nothing is left, the operator cannot take more or the round is over.
    /// </summary>
    /// <returns>Whether nothing is left.</returns>
    public abstract bool Run();

    /// <summary>Gives back what waits.</summary>
    public abstract void Dispose();
}

/// <summary>The input of an operator with its type.</summary>
/// <remarks>Offers ranges of a batch that are sized by what they cost: a slow function gets one record at a time, so
/// that the loop comes back to its mail.</remarks>
internal sealed class OperatorInput<T>(StreamOperator<T> target, RoundClock clock, ChainFailure failure) : OperatorInput
{
    private const int MaxRange = 65_536;

    private readonly Queue<Waiting> _waiting = [];
    private int _position;
    private int _range = 1;

    public override StreamOperator Operator => target;

    public override bool IsEmpty => _waiting.Count == 0;

    /// <summary>Records taken so far.</summary>
    public long Records { get; private set; }

    /// <summary>Batches taken so far.</summary>
    public long Batches { get; private set; }

    /// <summary>Puts a batch behind what waits, with the watermark on it. The caller's reference moves.</summary>
    public void Add(RecordBatch<T> batch) => _waiting.Enqueue(new Waiting(batch, batch.Watermark));

    /// <summary>Puts an element behind those that wait. The caller's reference moves.</summary>
    /// <param name="element">A batch or a control element.</param>
    /// <param name="watermark">What holds behind it here, whatever the batch says; <see
    /// cref="RecordBatch.NoWatermark"/> for nothing new.</param>
    public void Add(StreamElement element, long watermark = RecordBatch.NoWatermark) =>
        _waiting.Enqueue(new Waiting(element, watermark));

    /// <summary>Puts a watermark behind what waits.</summary>
    public void Add(long watermark) => _waiting.Enqueue(new Waiting(null, watermark));

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

    public override void Dispose()
    {
        foreach (Waiting waiting in _waiting)
        {
            waiting.Element?.Release();
        }

        _waiting.Clear();
    }

    private bool RunWaiting()
    {
        while (_waiting.TryPeek(out Waiting waiting))
        {
            if (!Run(waiting))
            {
                return false;
            }

            _waiting.Dequeue();
        }

        return true;
    }

    private bool Run(Waiting waiting)
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
            Records += next - _position;
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
    private readonly record struct Waiting(StreamElement? Element, long Watermark);
}
