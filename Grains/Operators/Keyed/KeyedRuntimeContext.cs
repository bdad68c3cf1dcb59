using Millrace.Functions;
using Millrace.State;
using Millrace.State.OperatorStates;

namespace Millrace.Operators.Keyed;

/// <summary>What the functions of a keyed operator see: the subtask, state by key, and state of the operator if it has
/// any.</summary>
internal sealed class KeyedRuntimeContext(
    RuntimeContext subtask, StateScope states, OperatorStateBackend? operatorStates = null)
    : OperatorRuntimeContext(subtask, operatorStates)
{
    public override IValueState<T> GetState<T>(ValueStateDescriptor<T> descriptor) => states.Get(descriptor);

    public override IListState<T> GetState<T>(ListStateDescriptor<T> descriptor) => states.Get(descriptor);

    public override IMapState<TKey, TValue> GetState<TKey, TValue>(MapStateDescriptor<TKey, TValue> descriptor) =>
        states.Get(descriptor);

    public override IReducingState<T> GetState<T>(ReducingStateDescriptor<T> descriptor) => states.Get(descriptor);

    public override IAggregatingState<TIn, TOut> GetState<TIn, TAccumulator, TOut>(
        AggregatingStateDescriptor<TIn, TAccumulator, TOut> descriptor) => states.Get(descriptor);
}
