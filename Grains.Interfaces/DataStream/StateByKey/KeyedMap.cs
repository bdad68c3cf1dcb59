using Millrace.Functions;

namespace Millrace.DataStream.StateByKey;

/// <summary>One record in, one record out, with state of its key.</summary>
internal sealed class KeyedMap<TKey, TIn, TOut>(IMapFunction<TIn, TOut> function) : KeyedStep<TKey, TIn, TOut>(function)
{
    public override void ProcessElement(TIn value, Context context, ICollector<TOut> output) =>
        output.Emit(function.Map(value));
}
