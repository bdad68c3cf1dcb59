using Millrace.Functions;

namespace Millrace.DataStream;

/// <summary>A delegate as a map function.</summary>
internal readonly struct DelegateMap<TIn, TOut>(Func<TIn, TOut> function) : IMapFunction<TIn, TOut>
{
    public Func<TIn, TOut> Function => function;

    public TOut Map(TIn value) => function(value);
}
