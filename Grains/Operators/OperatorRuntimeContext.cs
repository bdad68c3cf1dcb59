using Millrace.Functions;
using Millrace.Programs;
using Millrace.State;
using Millrace.State.OperatorStates;

namespace Millrace.Operators;

/// <summary>What the functions of an operator see: the subtask, and state that belongs to no key.</summary>
/// <param name="subtask">The subtask.</param>
/// <param name="states">The operator's state; null when it cannot have any.</param>
internal class OperatorRuntimeContext(RuntimeContext subtask, OperatorStateBackend? states) : RuntimeContext
{
    public sealed override string JobId => subtask.JobId;

    public sealed override string JobName => subtask.JobName;

    public sealed override string OperatorName => subtask.OperatorName;

    public sealed override int SubtaskIndex => subtask.SubtaskIndex;

    public sealed override int Parallelism => subtask.Parallelism;

    public sealed override int MaxParallelism => subtask.MaxParallelism;

    public sealed override int AttemptNumber => subtask.AttemptNumber;

    public sealed override JobArguments Arguments => subtask.Arguments;

    public sealed override string WorkingDirectory => subtask.WorkingDirectory;

    public sealed override TimeProvider Time => subtask.Time;

    public sealed override CancellationToken CancellationToken => subtask.CancellationToken;

    /// <summary>Opens the state and makes the context.</summary>
    public static OperatorRuntimeContext Open(RuntimeContext subtask, OperatorStateBackend states)
    {
        states.Open(subtask.SubtaskIndex, subtask.Parallelism);
        return new OperatorRuntimeContext(subtask, states);
    }

    public sealed override LongCounter Counter(string name) => subtask.Counter(name);

    public sealed override TAccumulator Accumulator<TAccumulator>(string name) =>
        subtask.Accumulator<TAccumulator>(name);

    public sealed override IListState<T> GetOperatorState<T>(ListStateDescriptor<T> descriptor) =>
        states is null ? base.GetOperatorState(descriptor) : states.GetList(descriptor);

    public sealed override IListState<T> GetUnionState<T>(ListStateDescriptor<T> descriptor) =>
        states is null ? base.GetUnionState(descriptor) : states.GetUnion(descriptor);

    public sealed override IBroadcastState<TKey, TValue> GetBroadcastState<TKey, TValue>(
        MapStateDescriptor<TKey, TValue> descriptor) =>
        states is null ? base.GetBroadcastState(descriptor) : states.GetBroadcast(descriptor);
}
