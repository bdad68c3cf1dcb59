using Millrace.State;

namespace Millrace.Functions;

/// <summary>State at hand while a window is at work. A name is used for one state only;
/// <c>contents</c> and <c>merging</c> are taken.</summary>
public abstract class WindowStates
{
    internal WindowStates()
    {
    }

    /// <summary>A single value.</summary>
    /// <exception cref="InvalidStateUseException">The name is in use for something else.</exception>
    public abstract IValueState<T> GetState<T>(ValueStateDescriptor<T> descriptor);

    /// <summary>A list.</summary>
    /// <exception cref="InvalidStateUseException">The name is in use for something else.</exception>
    public abstract IListState<T> GetState<T>(ListStateDescriptor<T> descriptor);

    /// <summary>A map.</summary>
    /// <exception cref="InvalidStateUseException">The name is in use for something else.</exception>
    public abstract IMapState<TKey, TValue> GetState<TKey, TValue>(MapStateDescriptor<TKey, TValue> descriptor)
        where TKey : notnull;

    /// <summary>A value into which others are combined.</summary>
    /// <exception cref="InvalidStateUseException">The name is in use for something else.</exception>
    public abstract IReducingState<T> GetState<T>(ReducingStateDescriptor<T> descriptor);

    /// <summary>An accumulator.</summary>
    /// <exception cref="InvalidStateUseException">The name is in use for something else.</exception>
    public abstract IAggregatingState<TIn, TOut> GetState<TIn, TAccumulator, TOut>(
        AggregatingStateDescriptor<TIn, TAccumulator, TOut> descriptor);
}
