using Millrace.Batches;
using Millrace.Functions;
using Millrace.State.OperatorStates;
using Millrace.State.Snapshots;

namespace Millrace.Operators;

/// <summary>One record in, any number out through a collector. A call of the function is a unit.</summary>
internal sealed class FlatMapOperator<TIn, TOut>(
    string name, IFlatMapFunction<TIn, TOut> function, OperatorStateBackend states, Output<TOut> output)
    : StreamOperator<TIn, TOut>(name, output)
{
    private readonly TimestampCollector<TOut>? _timed =
        output.HasTimestamps ? new TimestampCollector<TOut>(output) : null;

    private IFlatMapFunction<TIn, TOut> _function = function;

    public override void Restore(IReadOnlyList<OperatorSnapshot> snapshots) =>
        states.Restore([.. snapshots.Select(snapshot => snapshot.Unkeyed)]);

    public override FrozenOperator Freeze(in SnapshotOrder order)
    {
        UserFunction.PrepareSnapshot(ref _function);
        return new FrozenOperator { Unkeyed = states.Freeze() };
    }

    public override void Open(Func<string, RuntimeContext> contextOf) =>
        UserFunction.Open(ref _function, OperatorRuntimeContext.Open(contextOf(Name), states));

    public override int Process(RecordBatch<TIn> batch, int start, int end)
    {
        if (_timed is not null)
        {
            return Process(batch, start, end, _timed);
        }

        int position = start;
        for (; position < end && Output.IsAvailable; position++)
        {
            Record = position;
            _function.FlatMap(batch[position], Output);
        }

        return position;
    }

    public override void Dispose()
    {
        base.Dispose();
        UserFunction.Close(ref _function);
    }

    private int Process(RecordBatch<TIn> batch, int start, int end, TimestampCollector<TOut> collector)
    {
        int position = start;
        for (; position < end && Output.IsAvailable; position++)
        {
            Record = position;
            collector.Timestamp = batch.Timestamps is long[] known ? known[position] : RecordBatch.NoTimestamp;
            _function.FlatMap(batch[position], collector);
        }

        return position;
    }
}
