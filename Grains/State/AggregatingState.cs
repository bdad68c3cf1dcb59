using Millrace.Functions;

namespace Millrace.State;

/// <summary>Adds values to the accumulator that is kept.</summary>
internal sealed class AggregatingState<TIn, TAccumulator, TOut>(
    IKeptValue<TAccumulator> kept, IAggregateFunction<TIn, TAccumulator, TOut> function)
    : IAggregatingState<TIn, TOut>
{
    public bool HasValue => kept.HasValue;

    // Copied when it is read: the result may be the accumulator, or a part of it, which will change.
    public TOut? Value =>
        kept.TryGet(out TAccumulator? accumulator) ? function.GetResult(accumulator) : default;

    public void Add(TIn value) => kept.Keep(function.Add(
        value, kept.TryBorrow(out TAccumulator? before) ? before : function.CreateAccumulator()));

    public void Clear() => kept.Clear();
}
