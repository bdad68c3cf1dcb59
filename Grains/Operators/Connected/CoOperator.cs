using Millrace.Batches;
using Millrace.Functions;
using Millrace.Operators.Outputs;

namespace Millrace.Operators.Connected;

/// <summary>A function of two inputs without keys.</summary>
internal sealed class CoOperator<TLeft, TRight, TOut, TStep>(
    string name, TStep step, Output<TOut> output, SideOutputs sides)
    : TwoInputOperator<TLeft, TRight, TOut>(name, output, sides)
    where TStep : struct, ICoStep<TLeft, TRight, TOut>
{
    public override void Open(Func<string, RuntimeContext> contextOf) => step.Open(contextOf(Name));

    public override int ProcessLeft(RecordBatch<TLeft> batch, int start, int end)
    {
        int position = start;
        for (; position < end && CanTake; position++)
        {
            Record = position;
            step.Left(batch.Values[position], Begin(batch, position), Collector);
        }

        return position;
    }

    public override int ProcessRight(RecordBatch<TRight> batch, int start, int end)
    {
        int position = start;
        for (; position < end && CanTake; position++)
        {
            Record = position;
            step.Right(batch.Values[position], Begin(batch, position), Collector);
        }

        return position;
    }

    public override void Dispose()
    {
        base.Dispose();
        step.Close();
    }

    protected override bool FireEventTime(long watermark)
    {
        step.Advance(watermark);
        return true;
    }
}
