using Millrace.Functions;
using Millrace.Programs;
using Millrace.State;

namespace Millrace.Operators.Keyed;

/// <summary>What the functions of a keyed operator see: the subtask, and state by key.</summary>
internal sealed class KeyedRuntimeContext(RuntimeContext subtask, StateScope states) : RuntimeContext
{
    public override string JobId => subtask.JobId;

    public override string JobName => subtask.JobName;

    public override string OperatorName => subtask.OperatorName;

    public override int SubtaskIndex => subtask.SubtaskIndex;

    public override int Parallelism => subtask.Parallelism;

    public override int MaxParallelism => subtask.MaxParallelism;

    public override int AttemptNumber => subtask.AttemptNumber;

    public override JobArguments Arguments => subtask.Arguments;

    public override string WorkingDirectory => subtask.WorkingDirectory;

    public override TimeProvider Time => subtask.Time;

    public override CancellationToken CancellationToken => subtask.CancellationToken;

    public override LongCounter Counter(string name) => subtask.Counter(name);

    public override TAccumulator Accumulator<TAccumulator>(string name) => subtask.Accumulator<TAccumulator>(name);

    public override IValueState<T> GetState<T>(ValueStateDescriptor<T> descriptor) => states.Get(descriptor);

    public override IListState<T> GetState<T>(ListStateDescriptor<T> descriptor) => states.Get(descriptor);

    public override IMapState<TKey, TValue> GetState<TKey, TValue>(MapStateDescriptor<TKey, TValue> descriptor) =>
        states.Get(descriptor);

    public override IReducingState<T> GetState<T>(ReducingStateDescriptor<T> descriptor) => states.Get(descriptor);

    public override IAggregatingState<TIn, TOut> GetState<TIn, TAccumulator, TOut>(
        AggregatingStateDescriptor<TIn, TAccumulator, TOut> descriptor) => states.Get(descriptor);
}
