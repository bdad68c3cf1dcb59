using Millrace.Batches;
using Millrace.Functions;

namespace Millrace.Operators;

/// <summary>One record in, one record out. A struct function is inlined into the loop.</summary>
internal sealed class MapOperator<TIn, TOut, TFunction>(string name, TFunction function, Output<TOut> output)
    : StreamOperator<TIn, TOut>(name, output)
    where TFunction : IMapFunction<TIn, TOut>
{
    private TFunction _function = function;

    public override void Open(RuntimeContext context) => UserFunction.Open(ref _function, context);

    public override int Process(RecordBatch<TIn> batch, int start, int end)
    {
        int position = start;
        while (position < end && Output.IsAvailable)
        {
            Span<TOut> room = Output.Room();
            int count = Math.Min(room.Length, end - position);
            Map(batch.Values.AsSpan(position, count), room[..count], position);
            Output.Advance(count);
            position += count;
        }

        return position;
    }

    public override void Dispose()
    {
        base.Dispose();
        UserFunction.Close(ref _function);
    }

    private void Map(ReadOnlySpan<TIn> records, Span<TOut> results, int position)
    {
        int i = 0;
        TFunction function = _function;
        try
        {
            for (; i < records.Length && i < results.Length; i++)
            {
                results[i] = function.Map(records[i]);
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
    }
}
