using Millrace.Functions;

namespace Millrace.State;

/// <summary>An accumulator for each key, into which values are added and from which a result is taken.</summary>
/// <typeparam name="TIn">The type of the values added.</typeparam>
/// <typeparam name="TAccumulator">The type of what is kept.</typeparam>
/// <typeparam name="TOut">The type of the result.</typeparam>
public sealed class AggregatingStateDescriptor<TIn, TAccumulator, TOut> : StateDescriptor
{
    /// <summary>An accumulator that a function object works on.</summary>
    /// <param name="name">Unique within the operator.</param>
    /// <param name="function">Makes accumulators, adds to them, takes results.</param>
    public AggregatingStateDescriptor(string name, IAggregateFunction<TIn, TAccumulator, TOut> function)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(function);
        Function = function;
    }

    /// <summary>Makes accumulators, adds to them, takes results.</summary>
    public IAggregateFunction<TIn, TAccumulator, TOut> Function { get; }

    /// <inheritdoc/>
    public override string Description => $"an accumulator of {typeof(TAccumulator)} for {typeof(TIn)}";
}
