using System.Runtime.CompilerServices;
using Millrace.Batches;
using Millrace.Functions;

namespace Millrace.Operators;

/// <summary>Lets some records through. A struct function is inlined into the loop.</summary>
internal sealed class FilterOperator<T, TFunction>(string name, TFunction function, Output<T> output)
    : StreamOperator<T, T>(name, output)
    where TFunction : IFilterFunction<T>
{
    private TFunction _function = function;

    public override void Open(RuntimeContext context) => UserFunction.Open(ref _function, context);

    public override int Process(RecordBatch<T> batch, int start, int end)
    {
        int position = start;
        while (position < end && Output.IsAvailable)
        {
            Span<T> room = Output.Room();
            int count = Math.Min(room.Length, end - position);
            int kept = Filter(batch.Values.AsSpan(position, count), room[..count], position);
            if (kept < count && RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            {
                // The slot behind the last record kept holds one that was not.
                room[kept] = default!;
            }

            Output.Advance(kept);
            position += count;
        }

        return position;
    }

    public override void Dispose()
    {
        base.Dispose();
        UserFunction.Close(ref _function);
    }

    // Written first and counted afterwards, so that there is no branch to mispredict.
    private int Filter(ReadOnlySpan<T> records, Span<T> results, int position)
    {
        int i = 0;
        int kept = 0;
        TFunction function = _function;
        try
        {
            for (; i < records.Length; i++)
            {
                T record = records[i];
                results[kept] = record;
                kept += function.Filter(record) ? 1 : 0;
            }
        }
        catch when (NoteFailure(position + i))
        {
            throw;
        }

        if (typeof(TFunction).IsValueType)
        {
            _function = function;
        }

        return kept;
    }
}
