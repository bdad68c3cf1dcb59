using Millrace.Functions;
using Millrace.State;

namespace Millrace.Operators.Windows;

/// <summary>The states of a scope, as functions of windows see them.</summary>
internal sealed class ScopedStates(StateScope states) : WindowStates
{
    public override IValueState<T> GetState<T>(ValueStateDescriptor<T> descriptor) => states.Get(descriptor);

    public override IListState<T> GetState<T>(ListStateDescriptor<T> descriptor) => states.Get(descriptor);

    public override IMapState<TKey, TValue> GetState<TKey, TValue>(MapStateDescriptor<TKey, TValue> descriptor) =>
        states.Get(descriptor);

    public override IReducingState<T> GetState<T>(ReducingStateDescriptor<T> descriptor) => states.Get(descriptor);

    public override IAggregatingState<TIn, TOut> GetState<TIn, TAccumulator, TOut>(
        AggregatingStateDescriptor<TIn, TAccumulator, TOut> descriptor) => states.Get(descriptor);
}
