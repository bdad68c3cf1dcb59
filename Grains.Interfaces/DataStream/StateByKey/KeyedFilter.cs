using Millrace.Functions;

namespace Millrace.DataStream.StateByKey;

/// <summary>Says which records stay, with state of their key.</summary>
internal sealed class KeyedFilter<TKey, T>(IFilterFunction<T> function) : KeyedStep<TKey, T, T>(function)
{
    public override void ProcessElement(T value, Context context, ICollector<T> output)
    {
        if (function.Filter(value))
        {
            output.Emit(value);
        }
    }
}
