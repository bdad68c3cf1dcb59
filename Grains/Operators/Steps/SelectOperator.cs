using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Millrace.Batches;
using Millrace.Functions;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Steps;

/// <summary>A filter with further steps behind it. It only notes which records stay; the steps then read those where
/// they are.</summary>
/// <remarks>In one loop, the processor would guess for each record whether it stays, and lose time with each wrong
/// guess; in a loop of its own, the filter needs no branch.</remarks>
/// <param name="names">Names of the operators that became one, in their order.</param>
/// <param name="filter">Says which records stay.</param>
/// <param name="step">What is done to those.</param>
/// <param name="output">Takes the results.</param>
internal sealed class SelectOperator<T, TOut, TFilter, TStep>(
    string[] names, TFilter filter, TStep step, Output<TOut> output)
    : StreamOperator<T, TOut>(names[0], output)
    where TFilter : IFilterFunction<T>
    where TStep : struct, IRecordStep<T, TOut>
{
    private const int BlockRecords = SelectBlock.Records;

    private readonly int[] _selected = new int[BlockRecords];
    private TFilter _filter = filter;
    private TStep _step = step;
    private int _function;

    public override string FailedName => names[_function];

    public override string WorkName => string.Join(" -> ", names);

    public override void Open(Func<string, RuntimeContext> contextOf)
    {
        RuntimeContext[] contexts = [.. names.Select(contextOf)];
        _step.Open(contexts.AsSpan(1), ref _function, 1);
        _function = 0;
        UserFunction.Open(ref _filter, contexts[0]);
    }

    public override FrozenOperator Freeze(in SnapshotOrder order)
    {
        UserFunction.PrepareSnapshot(ref _filter);
        _step.PrepareSnapshot();
        return base.Freeze(in order);
    }

    public override int Process(RecordBatch<T> batch, int start, int end)
    {
        int position = start;
        while (position < end && Output.IsAvailable)
        {
            Span<TOut> room = Output.Room();
            int count = Math.Min(Math.Min(room.Length, BlockRecords), end - position);
            int results = Block(batch, position, count, room);
            if (results < count && RuntimeHelpers.IsReferenceOrContainsReferences<TOut>())
            {
                // The slot behind the last result may hold a record that was dropped.
                room[results] = default!;
            }

            Output.Advance(results);
            position += count;
        }

        return position;
    }

    public override void Dispose()
    {
        base.Dispose();
        try
        {
            UserFunction.Close(ref _filter);
        }
        finally
        {
            _step.Close();
        }
    }

    private int Block(RecordBatch<T> batch, int position, int count, Span<TOut> results)
    {
        Debug.Assert(results.Length >= count, "each record has at most one result");
        ReadOnlySpan<T> records = batch.Records.Slice(position, count);
        BlockEnd = position + count;
        ReadOnlySpan<int> selected = _selected.AsSpan(0, Select(records));
        if (!Output.HasTimestamps)
        {
            return batch.IsBorrowed
                ? Apply<ReadBlockAhead>(records, selected, results)
                : Apply<NoReadAhead>(records, selected, results);
        }

        ReadOnlySpan<long> timestamps = batch.TimestampsAt(position);
        if (!timestamps.IsEmpty)
        {
            return Apply(records, timestamps, selected, results, Output.TimestampRoom());
        }

        int untimed = Apply<NoReadAhead>(records, selected, results);
        Output.TimestampRoom()[..untimed].Fill(RecordBatch.NoTimestamp);
        return untimed;
    }

    // Few variables in each loop, in methods of their own: a call of a delegate leaves the loop no more than five
    // registers. A record is noted by how many are behind it, counted with it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Apply<TAhead>(ReadOnlySpan<T> records, ReadOnlySpan<int> selected, Span<TOut> results)
        where TAhead : struct, IReadAhead
    {
        ref T end = ref Unsafe.Add(ref MemoryMarshal.GetReference(records), records.Length);
        ref TOut first = ref MemoryMarshal.GetReference(results);
        ref TOut result = ref first;
        TStep step = _step;
        _function = 1;
        foreach (int left in selected)
        {
            Left = left;
            ref T record = ref Unsafe.Subtract(ref end, left);
            TAhead.Pass(ref record);
            bool stays = step.Apply(in record, out result, ref _function, 1);
            result = ref Unsafe.Add(ref result, stays ? 1 : 0);
        }

        _step = step;
        return Elements.Between(ref first, ref result);
    }

    // The same with timestamps, which keep to their records.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Apply(
        ReadOnlySpan<T> records,
        ReadOnlySpan<long> timestamps,
        ReadOnlySpan<int> selected,
        Span<TOut> results,
        Span<long> resultTimestamps)
    {
        int count = 0;
        TStep step = _step;
        _function = 1;
        foreach (int left in selected)
        {
            Left = left;
            int index = records.Length - left;
            resultTimestamps[count] = timestamps[index];
            count += step.Apply(in records[index], out results[count], ref _function, 1) ? 1 : 0;
        }

        _step = step;
        return count;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Select(ReadOnlySpan<T> records)
    {
        _function = 0;
        ref T record = ref MemoryMarshal.GetReference(records);
        ref int first = ref MemoryMarshal.GetArrayDataReference(_selected);
        ref int selected = ref first;
        TFilter filter = _filter;
        for (int left = records.Length; left > 0; left--)
        {
            Left = left;
            selected = left;
            selected = ref Unsafe.Add(ref selected, filter.Filter(record) ? 1 : 0);
            record = ref Unsafe.Add(ref record, 1);
        }

        if (typeof(TFilter).IsValueType)
        {
            _filter = filter;
        }

        return Elements.Between(ref first, ref selected);
    }
}
