using Millrace.Functions;

namespace Millrace.DataStream.StateByKey;

/// <summary>One record in, any number out, with state of its key.</summary>
internal sealed class KeyedFlatMap<TKey, TIn, TOut>(IFlatMapFunction<TIn, TOut> function)
    : KeyedStep<TKey, TIn, TOut>(function)
{
    public override void ProcessElement(TIn value, Context context, ICollector<TOut> output) =>
        function.FlatMap(value, output);
}
