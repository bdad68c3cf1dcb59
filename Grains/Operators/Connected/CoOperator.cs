using Millrace.Batches;
using Millrace.Functions;
using Millrace.Operators.Outputs;
using Millrace.State.OperatorStates;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Connected;

/// <summary>A function of two inputs without keys.</summary>
internal sealed class CoOperator<TLeft, TRight, TOut, TStep>(
    string name, TStep step, OperatorStateBackend states, Output<TOut> output, SideOutputs sides)
    : TwoInputOperator<TLeft, TRight, TOut>(name, output, sides)
    where TStep : struct, ICoStep<TLeft, TRight, TOut>
{
    private long _watermark = long.MinValue;

    public override void Restore(IReadOnlyList<OperatorSnapshot> snapshots)
    {
        states.Restore([.. snapshots.Select(snapshot => snapshot.Unkeyed)]);
        FireEventTime(OperatorSnapshot.WatermarkOf(snapshots));
    }

    public override FrozenOperator Freeze(in SnapshotOrder order)
    {
        step.PrepareSnapshot();
        return new FrozenOperator
        {
            Unkeyed = states.Freeze(),
            Watermark = _watermark,
        };
    }

    public override void Open(Func<string, RuntimeContext> contextOf) =>
        step.Open(OperatorRuntimeContext.Open(contextOf(Name), states));

    public override int ProcessLeft(RecordBatch<TLeft> batch, int start, int end)
    {
        int position = start;
        for (; position < end && CanTake; position++)
        {
            Record = position;
            step.Left(batch[position], Begin(batch, position), Collector);
        }

        return position;
    }

    public override int ProcessRight(RecordBatch<TRight> batch, int start, int end)
    {
        int position = start;
        for (; position < end && CanTake; position++)
        {
            Record = position;
            step.Right(batch[position], Begin(batch, position), Collector);
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
        _watermark = Math.Max(_watermark, watermark);
        step.Advance(_watermark);
        return true;
    }
}
