using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Millrace.Batches;
using Millrace.Functions;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Steps;

/// <summary>Maps, a filter, or maps with a filter behind them, in one loop over the batch.</summary>
/// <param name="names">Names of the operators that became one, in their order.</param>
/// <param name="step">What is done to a record.</param>
/// <param name="output">Takes the results.</param>
internal sealed class StepOperator<TIn, TOut, TStep>(string[] names, TStep step, Output<TOut> output)
    : StreamOperator<TIn, TOut>(names[0], output)
    where TStep : struct, IRecordStep<TIn, TOut>
{
    // More in one loop gain nothing and make its code larger than the processor likes.
    private const int MaxFunctions = 8;

    private TStep _step = step;
    private int _function;

    public override string FailedName => names[_function];

    public override string WorkName => string.Join(" -> ", names);

    public override void Open(Func<string, RuntimeContext> contextOf)
    {
        _step.Open([.. names.Select(contextOf)], ref _function, 0);
        _function = 0;
    }

    public override FrozenOperator Freeze(in SnapshotOrder order)
    {
        _step.PrepareSnapshot();
        return base.Freeze(in order);
    }

    public override int Process(RecordBatch<TIn> batch, int start, int end)
    {
        int position = start;
        while (position < end && Output.IsAvailable)
        {
            Span<TOut> room = Output.Room();
            int count = Math.Min(room.Length, end - position);
            ReadOnlySpan<TIn> records = batch.Records.Slice(position, count);
            BlockEnd = position + count;
            int results = Output.HasTimestamps
                ? Apply(records, batch.TimestampsAt(position), room, Output.TimestampRoom())
                : Apply(records, room);
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

    public override StreamOperator<TBefore>? BehindMap<TBefore, TFunction>(string name, TFunction function)
    {
        if (names.Length >= MaxFunctions)
        {
            return null;
        }

        var map = new MapStep<TBefore, TIn, TFunction>(function);
        return new StepOperator<TBefore, TOut, StepPair<TBefore, TIn, TOut, MapStep<TBefore, TIn, TFunction>, TStep>>(
            [name, .. names], new(map, _step), Output);
    }

    public override StreamOperator<TIn>? BehindFilter<TFunction>(string name, TFunction function) =>
        names.Length >= MaxFunctions
            ? null
            : new SelectOperator<TIn, TOut, TFunction, TStep>([name, .. names], function, _step, Output);

    public override void Dispose()
    {
        base.Dispose();
        _step.Close();
    }

    // Written first and counted afterwards, so that a filter at the end has no branch to mispredict; there are never
    // more results than records. Few variables, in a method of their own: a call of a delegate leaves the loop no more
    // than five registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Apply(ReadOnlySpan<TIn> records, Span<TOut> results)
    {
        Debug.Assert(results.Length >= records.Length, "each record has at most one result");
        ref TIn record = ref MemoryMarshal.GetReference(records);
        ref TOut first = ref MemoryMarshal.GetReference(results);
        ref TOut result = ref first;
        TStep step = _step;
        for (int left = records.Length; left > 0; left--)
        {
            Left = left;
            bool stays = step.Apply(in record, out result, ref _function, 0);
            result = ref Unsafe.Add(ref result, stays ? 1 : 0);
            record = ref Unsafe.Add(ref record, 1);
        }

        _step = step;
        return Elements.Between(ref first, ref result);
    }

    // The same with timestamps, which keep to their records.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Apply(
        ReadOnlySpan<TIn> records, ReadOnlySpan<long> timestamps, Span<TOut> results, Span<long> resultTimestamps)
    {
        if (timestamps.IsEmpty)
        {
            int untimed = Apply(records, results);
            resultTimestamps[..untimed].Fill(RecordBatch.NoTimestamp);
            return untimed;
        }

        int count = 0;
        TStep step = _step;
        for (int i = 0; i < records.Length; i++)
        {
            Left = records.Length - i;
            resultTimestamps[count] = timestamps[i];
            count += step.Apply(in records[i], out results[count], ref _function, 0) ? 1 : 0;
        }

        _step = step;
        return count;
    }
}
