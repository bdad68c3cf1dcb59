using System.Runtime.CompilerServices;
using Millrace.Batches;
using Millrace.DataStream.Folds;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.State;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Keyed;

/// <summary>A rolling aggregate per key whose accumulators are wherever the backend keeps them: emits the key's new
/// result for each record.</summary>
/// <remarks>What it saves is what <see cref="KeyedFoldOperator{TKey, TIn, TAccumulator, TOut, TFold}"/> does, which has
/// all accumulators in memory.</remarks>
internal sealed class KeptFoldOperator<TKey, TIn, TAccumulator, TOut, TFold>(
    KeyedFoldTransformation<TKey, TIn, TAccumulator, TOut, TFold> transformation,
    KeyedStateBackend<TKey> state,
    Output<TOut> output)
    : StreamOperator<TIn, TOut>(transformation.Name, output)
    where TFold : IKeyedFold<TKey, TIn, TAccumulator, TOut>
{
    private readonly KeyedRange<TIn, TKey> _range = new(transformation.Name, transformation.KeySelector, state.Hasher);
    private TFold _fold = transformation.Fold;
    private IKeptValue<TAccumulator>? _kept;

    public override void Restore(IReadOnlyList<OperatorSnapshot> snapshots) =>
        state.Restore([.. snapshots.Select(snapshot => snapshot.Keyed)]);

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
        _kept = (IKeptValue<TAccumulator>)state.Keyed.Get(
            new ValueStateDescriptor<TAccumulator>(KeyedFold.StateName), StateOwner.Operator);
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
            int count = Math.Min(Output.Room().Length, end - position);
            Fold(batch, position, count);
            position += count;
        }

        return position;
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Fold(RecordBatch<TIn> batch, int start, int count)
    {
        IKeptValue<TAccumulator> kept = _kept
            ?? throw new InvalidOperationException($"'{Name}' was never opened.");
        BlockEnd = start + count;
        _range.Take(batch, start, count, ref Left);
        ReadOnlySpan<TKey> keys = _range.Keys;
        ReadOnlySpan<ulong> hashes = _range.Hashes;
        state.Prefetch(keys, hashes);
        ReadOnlySpan<TIn> records = batch.Records.Slice(start, count);
        Span<TOut> results = Output.Room()[..count];
        TFold fold = _fold;
        for (int i = 0; i < records.Length; i++)
        {
            Left = records.Length - i;
            state.SetKey(in keys[i], hashes[i]);
            if (kept.TryBorrow(out TAccumulator? accumulator))
            {
                fold.Add(ref accumulator, in records[i]);
            }
            else
            {
                accumulator = fold.First(in records[i]);
            }

            kept.Keep(accumulator);
            results[i] = fold.Result(in keys[i], in accumulator);
        }

        _fold = fold;
        state.ClearKey();
        KeyedFold.CopyTimestamps(batch, start, count, Output);
        Output.Advance(count);
    }
}
