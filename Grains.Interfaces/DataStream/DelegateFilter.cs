using Millrace.Functions;

namespace Millrace.DataStream;

/// <summary>A delegate as a filter function.</summary>
internal readonly struct DelegateFilter<T>(Func<T, bool> function) : IFilterFunction<T>
{
    public Func<T, bool> Function => function;

    public bool Filter(T value) => function(value);
}
