using System.Runtime.CompilerServices;
using Millrace.Batches;
using Millrace.DataStream.Folds;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Operators.Sorting;
using Millrace.State.Heap;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Keyed;

/// <summary>
/// A rolling aggregate per key: emits the key's new result for each record, or all results at the end.
/// </summary>
internal sealed class KeyedFoldOperator<TKey, TIn, TAccumulator, TOut, TFold>(
    KeyedFoldTransformation<TKey, TIn, TAccumulator, TOut, TFold> transformation,
    HeapStateBackend<TKey> state,
    bool emitAtEnd,
    Output<TOut> output)
    : StreamOperator<TIn, TOut>(transformation.Name, output), IKeyKeeper<TKey>
    where TFold : IKeyedFold<TKey, TIn, TAccumulator, TOut>
{
    private readonly KeyedRange<TIn, TKey> _range = new(transformation.Name, transformation.KeySelector, state.Hasher);
    private TFold _fold = transformation.Fold;
    private readonly EntrySize<TKey, TAccumulator> _size = new(state.Settings.Serializers);
    private KeyedTable<TKey, TAccumulator> _table = new(state.Hasher);
    private int _emitted;

    public long KeptBytes => _size.Of(_table);

    public bool Keeps(in TKey key, ulong hash) => _table.IndexOf(in key, hash) >= 0;

    public override void Restore(IReadOnlyList<OperatorSnapshot> snapshots) =>
        state.Restore([.. snapshots.Select(snapshot => snapshot.Keyed)]);

    // Results at the end are emitted in one go.
    public override bool PrepareSnapshot() => _emitted == 0;

    public override FrozenOperator Freeze(in SnapshotOrder order)
    {
        if (_fold is IFoldOver over)
        {
            over.PrepareSnapshot();
            _fold = (TFold)over;
        }

        return new FrozenOperator { Keyed = state.Freeze(in order) };
    }

    public override void CheckpointCompleted(long checkpoint) => state.Completed(checkpoint);

    public override void Open(Func<string, RuntimeContext> contextOf)
    {
        _table = state.CreateTable<TAccumulator>(KeyedFold.StateName);
        if (_fold is IFoldOver over)
        {
            over.Open(contextOf(Name));
            _fold = (TFold)over;
        }
    }

    public override int Process(RecordBatch<TIn> batch, int start, int end)
    {
        int position = start;
        while (position < end && Output.IsAvailable)
        {
            int count = emitAtEnd ? end - position : Math.Min(Output.Room().Length, end - position);
            Fold(batch, position, count);
            position += count;
        }

        return position;
    }

    public override bool TryTakeByKey() => emitAtEnd;

    public override bool EndKeys()
    {
        if (!EmitRest())
        {
            return false;
        }

        _emitted = 0;
        state.ForgetAll();
        return true;
    }

    public override void Dispose()
    {
        base.Dispose();
        state.Dispose();
        if (_fold is IFoldOver over)
        {
            over.Close();
        }
    }

    protected override bool EmitRest()
    {
        while (emitAtEnd && _emitted < _table.Count)
        {
            if (!Output.IsAvailable)
            {
                return false;
            }

            Span<TOut> room = Output.Room();
            int count = Math.Min(room.Length, _table.Count - _emitted);
            for (int i = 0; i < count; i++)
            {
                room[i] = _fold.Result(in _table.KeyAt(_emitted + i), in _table.ValueAt(_emitted + i));
            }

            if (Output.HasTimestamps)
            {
                // The result of many records: none of their times is its own.
                Output.TimestampRoom()[..count].Fill(RecordBatch.NoTimestamp);
            }

            _emitted += count;
            Output.Advance(count);
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Fold(RecordBatch<TIn> batch, int start, int count)
    {
        ReadOnlySpan<TIn> records = batch.Records.Slice(start, count);
        BlockEnd = start + count;
        _range.Take(batch, start, count, ref Left);
        ReadOnlySpan<TKey> keys = _range.Keys;
        ReadOnlySpan<ulong> hashes = _range.Hashes;
        ReadOnlySpan<uint> guesses = _range.Guesses.AsSpan(0, count);
        Span<TOut> results = emitAtEnd ? default : Output.Room()[..count];
        KeyedTable<TKey, TAccumulator> table = _table;
        table.ProbeToChange(hashes, _range.Guesses);
        TFold fold = _fold;
        for (int i = 0; i < records.Length; i++)
        {
            Left = records.Length - i;
            bool isFirst = false;
            ref TAccumulator accumulator = ref table.Guessed(in keys[i], guesses[i]);
            if (Unsafe.IsNullRef(ref accumulator))
            {
                accumulator = ref table.GetOrAdd(in keys[i], hashes[i], out bool exists);
                isFirst = !exists;
            }

            if (isFirst)
            {
                accumulator = fold.First(in records[i]);
            }
            else
            {
                fold.Add(ref accumulator, in records[i]);
            }

            if (!emitAtEnd)
            {
                results[i] = fold.Result(in keys[i], in accumulator);
            }
        }

        _fold = fold;
        if (!emitAtEnd)
        {
            KeyedFold.CopyTimestamps(batch, start, count, Output);
            Output.Advance(count);
        }
    }
}
