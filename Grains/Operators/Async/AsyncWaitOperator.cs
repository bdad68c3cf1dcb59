using Millrace.Batches;
using Millrace.Functions;
using Millrace.Operators.Async.Lookups;
using Millrace.Operators.Joins;
using Millrace.Operators.Outputs;
using Millrace.State;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Async;

/// <summary>Hands records to a function that answers later, and goes on with what it answers. A record's results are a
/// unit.</summary>
/// <remarks>
/// Calls are made and their results emitted on the loop; where a call ends, its loop is woken. With as many records
/// under way as its capacity it takes no input. What is under way is part of a snapshot, as the records that came in.
/// </remarks>
internal sealed class AsyncWaitOperator<TIn, TResult, TOut, TEmission> : StreamOperator<TIn>, ILookupCounts
    where TEmission : struct, IAsyncEmission<TIn, TResult, TOut>
{
    private const int ElementsPerReading = 16;

    // Beyond the capacity, for a snapshot: a batch or two of what stands in front.
    private const int MostAside = 2_048;

    private readonly AsyncParts<TIn, TResult> _parts;
    private readonly AsyncQueue<TIn, TResult> _queue;
    private readonly AsyncCalls<TIn, TResult> _calls;
    private readonly ILookupCounts? _lookups;
    private readonly RoundAlarm _alarm;
    private readonly Output<TOut> _output;
    private readonly UnitCollector<TOut> _collector;
#pragma warning disable IDE0044 // It may change itself: of a readonly field, copies would be called.
    private TEmission _emission;
#pragma warning restore IDE0044
    private IListState<Timed<TIn>>? _kept;
    private long _taken;
    private bool _wasFull;
    private bool _finishing;

    public AsyncWaitOperator(AsyncParts<TIn, TResult> parts, TEmission emission, Output<TOut> output)
        : base(parts.Name)
    {
        _parts = parts;
        _emission = emission;
        _output = output;
        _lookups = parts.Function as ILookupCounts;
        _collector = new UnitCollector<TOut>(output);
        _queue = new AsyncQueue<TIn, TResult>(parts.Wait.IsOrdered);
        _calls = new AsyncCalls<TIn, TResult>(parts, _queue);
        _alarm = new RoundAlarm(parts.Loop, parts.Clock);
    }

    public override bool CanTake => !IsFull && _output.IsAvailable;

    public override string? FailedPosition => _calls.FailedPosition;

    public long Hits => _lookups?.Hits ?? 0;

    public long Misses => _lookups?.Misses ?? 0;

    public long Evictions => _lookups?.Evictions ?? 0;

    // Nothing new stands between those that wait for their call.
    private bool IsFull => _queue.Records >= _parts.Wait.Capacity || _calls.HasWaiting;

    public override void Restore(IReadOnlyList<OperatorSnapshot> snapshots) =>
        _parts.States.Restore([.. snapshots.Select(snapshot => snapshot.Unkeyed)]);

    public override FrozenOperator Freeze(in SnapshotOrder order)
    {
        IListState<Timed<TIn>> kept = _kept
            ?? throw new InvalidOperationException($"'{Name}' is saved before it was opened.");
        _calls.PrepareSnapshot();
        _emission.PrepareSnapshot();
        kept.Update(UnderWay());
        FrozenState? frozen = _parts.States.Freeze();
        kept.Clear();
        return new FrozenOperator { Unkeyed = frozen };
    }

    public override void Open(Func<string, RuntimeContext> contextOf)
    {
        RuntimeContext context = contextOf(Name);
        _parts.States.Open(context.SubtaskIndex, context.Parallelism);
        _kept = _parts.States.GetList(new ListStateDescriptor<Timed<TIn>>("under way"));
        foreach (Timed<TIn> record in _kept)
        {
            _calls.AddWaiting(Element(record.Value, record.Time, number: -1));
        }

        _kept.Clear();
        _wasFull = IsFull;
        _calls.Open(context);
        _emission.Open(context);
    }

    public override int Process(RecordBatch<TIn> batch, int start, int end)
    {
        Work();
        int position = start;
        for (; position < end && CanTake; position++)
        {
            Record = position;
            Take(batch[position], TimeOf(batch, position));
        }

        return position;
    }

    // As after a restore: calls for them are made in their turn, and nothing new is taken before.
    public override int TakeAside(RecordBatch<TIn> batch, int start, int end)
    {
        int position = start;
        for (; position < end && _queue.Records < _parts.Wait.Capacity + MostAside; position++)
        {
            _calls.AddWaiting(Element(batch[position], TimeOf(batch, position), _taken++));
        }

        _wasFull |= IsFull;
        return position;
    }

    public override bool Advance(long watermark)
    {
        if (!Work())
        {
            return false;
        }

        if (_queue.IsEmpty)
        {
            _output.EmitWatermark(watermark);
            return true;
        }

        _queue.AddWatermark(watermark);
        return true;
    }

    public override void Change(WatermarkStatus status)
    {
        Work();
        if (_queue.IsEmpty)
        {
            _output.Emit(status);
            return;
        }

        _queue.AddStatus(status);
    }

    // What is under way is answered first.
    public override bool TryDrain()
    {
        if (!_finishing)
        {
            _finishing = true;
            _calls.EndInput();
        }

        Work();
        return _queue.IsEmpty;
    }

    public override bool Finish()
    {
        if (!TryDrain())
        {
            return false;
        }

        _output.Emit(EndOfData.Instance);
        IsFinished = true;
        return true;
    }

    public override void EndRound()
    {
        if (!IsFinished)
        {
            bool isDone = Work();
            bool mayGoOn = _output.IsAvailable && (!isDone || _calls.MayCallWaiting);
            if (mayGoOn || HasRoomAgain() || (_finishing && _queue.IsEmpty))
            {
                _parts.Loop.Wake();
            }

            if (!_queue.IsEmpty)
            {
                _alarm.Set(_calls.NextDue);
            }
        }

        _output.EndRound();
    }

    public override void Dispose()
    {
        try
        {
            _output.Dispose();
        }
        finally
        {
            CloseFunctions();
        }
    }

    // One that cannot be closed must not keep the other open.
    private void CloseFunctions()
    {
        try
        {
            _emission.Close();
        }
        finally
        {
            _calls.Close();
        }
    }

    private void Take(TIn value, long timestamp)
    {
        AsyncElement<TIn, TResult> element = Element(value, timestamp, _taken++);
        _calls.Begin(element);
        if (element.State == AsyncState.Done && _queue.IsEmpty)
        {
            Emit(element);
            return;
        }

        _queue.Add(element);
        _wasFull |= IsFull;
        if (element.State == AsyncState.Done)
        {
            EmitReady();
        }
    }

    private AsyncElement<TIn, TResult> Element(TIn value, long timestamp, long number)
    {
        AsyncElement<TIn, TResult> element = _queue.Rent();
        element.Value = value;
        element.Timestamp = timestamp;
        element.Number = number;
        return element;
    }

    private static long TimeOf(RecordBatch<TIn> batch, int position) =>
        batch.Timestamps is long[] known ? known[position] : RecordBatch.NoTimestamp;

    // False when there is more to emit, and no room for it, or no time.
    private bool Work()
    {
        _calls.Run();
        return EmitReady();
    }

    private bool EmitReady()
    {
        for (int emitted = 1; _queue.TryPeek(out AsyncElement<TIn, TResult>? element); emitted++)
        {
            if (element.State == AsyncState.Time)
            {
                _queue.Remove(element);
                EmitTime(element);
                continue;
            }

            if (!_output.IsAvailable || IsRoundOver(emitted))
            {
                return false;
            }

            _queue.Remove(element);
            _calls.WorkAt(element);
            Emit(element);
            _calls.WorkAt(null);
        }

        return true;
    }

    private void Emit(AsyncElement<TIn, TResult> element)
    {
        _collector.Timestamp = element.Timestamp;
        _emission.Emit(element.Value, element.Attempt!.Results, _collector);
        _calls.Return(element);
        _queue.Return(element);
    }

    // Time counts before it moves on, and moves on before it counts no longer.
    private void EmitTime(AsyncElement<TIn, TResult> time)
    {
        if (time.Status == WatermarkStatus.Active)
        {
            _output.Emit(WatermarkStatus.Active);
        }

        if (time.Watermark != RecordBatch.NoWatermark)
        {
            _output.EmitWatermark(time.Watermark);
        }

        if (time.Status == WatermarkStatus.Idle)
        {
            _output.Emit(WatermarkStatus.Idle);
        }

        _queue.Return(time);
    }

    // Whoever wrote to it saw that it was full, and waits to be woken.
    private bool HasRoomAgain()
    {
        bool hasRoom = _wasFull && !IsFull;
        _wasFull &= !hasRoom;
        return hasRoom;
    }

    private bool IsRoundOver(int emitted)
    {
        if (emitted % ElementsPerReading != 0)
        {
            return false;
        }

        _parts.Clock.Read();
        return _parts.Clock.IsOver;
    }

    private IEnumerable<Timed<TIn>> UnderWay()
    {
        for (AsyncElement<TIn, TResult>? element = _queue.First; element is not null; element = element.Next)
        {
            if (element.State != AsyncState.Time)
            {
                yield return new Timed<TIn>(element.Timestamp, element.Value);
            }
        }
    }
}
