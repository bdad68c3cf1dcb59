using Millrace.Functions.Connected;

namespace Millrace.DataStream.Connected;

/// <summary>Two delegates as a function of two streams.</summary>
internal sealed class DelegateCoMap<TLeft, TRight, TOut>(Func<TLeft, TOut> left, Func<TRight, TOut> right)
    : ICoMapFunction<TLeft, TRight, TOut>
{
    public TOut MapLeft(TLeft value) => left(value);

    public TOut MapRight(TRight value) => right(value);
}
