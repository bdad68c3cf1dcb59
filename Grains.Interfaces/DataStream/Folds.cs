using System.Numerics;
using Millrace.Functions;
using Millrace.Graph;

namespace Millrace.DataStream;

/// <summary>Counts.</summary>
internal readonly struct CountFold<TKey, T> : IKeyedFold<TKey, T, long, Keyed<TKey, long>>
{
    public string Description => "count";

    public long First(in T value) => 1;

    public void Add(ref long accumulator, in T value) => accumulator++;

    public Keyed<TKey, long> Result(in TKey key, in long accumulator) => new(key, accumulator);
}

/// <summary>Adds up a number of each record.</summary>
internal readonly struct SumFold<TKey, T, TNumber>(Func<T, TNumber> selector)
    : IKeyedFold<TKey, T, TNumber, Keyed<TKey, TNumber>>
    where TNumber : INumber<TNumber>
{
    public string Description => "sum";

    public TNumber First(in T value) => selector(value);

    public void Add(ref TNumber accumulator, in T value) => accumulator += selector(value);

    public Keyed<TKey, TNumber> Result(in TKey key, in TNumber accumulator) => new(key, accumulator);
}

/// <summary>Keeps the least or greatest value of each record.</summary>
internal readonly struct ExtremeFold<TKey, T, TValue>(Func<T, TValue> selector, bool greatest)
    : IKeyedFold<TKey, T, TValue, Keyed<TKey, TValue>>
{
    public string Description => greatest ? "max" : "min";

    public TValue First(in T value) => selector(value);

    public void Add(ref TValue accumulator, in T value)
    {
        TValue candidate = selector(value);
        int order = Comparer<TValue>.Default.Compare(candidate, accumulator);
        if (greatest ? order > 0 : order < 0)
        {
            accumulator = candidate;
        }
    }

    public Keyed<TKey, TValue> Result(in TKey key, in TValue accumulator) => new(key, accumulator);
}

/// <summary>Keeps the record with the least or greatest value; the earlier one where they are equal.</summary>
internal readonly struct ExtremeRecordFold<TKey, T, TValue>(Func<T, TValue> selector, bool greatest)
    : IKeyedFold<TKey, T, T, T>
{
    public string Description => greatest ? "maxBy" : "minBy";

    public T First(in T value) => value;

    public void Add(ref T accumulator, in T value)
    {
        int order = Comparer<TValue>.Default.Compare(selector(value), selector(accumulator));
        if (greatest ? order > 0 : order < 0)
        {
            accumulator = value;
        }
    }

    public T Result(in TKey key, in T accumulator) => accumulator;
}

/// <summary>Combines records as a function of the user says.</summary>
internal readonly struct ReduceFold<TKey, T, TFunction>(TFunction function) : IKeyedFold<TKey, T, T, T>, IFoldOver
    where TFunction : IReduceFunction<T>
{
    public object? Function => function;

    public string Description => "reduce";

    public T First(in T value) => value;

    public void Add(ref T accumulator, in T value) => accumulator = function.Reduce(accumulator, value);

    public T Result(in TKey key, in T accumulator) => accumulator;
}

/// <summary>A fold with a function of the user inside, which may want to be opened.</summary>
internal interface IFoldOver
{
    object? Function { get; }
}

/// <summary>A delegate as a reduce function.</summary>
internal readonly struct DelegateReduce<T>(Func<T, T, T> function) : IReduceFunction<T>
{
    public T Reduce(T accumulated, T value) => function(accumulated, value);
}

/// <summary>A delegate as a map function.</summary>
internal readonly struct DelegateMap<TIn, TOut>(Func<TIn, TOut> function) : IMapFunction<TIn, TOut>
{
    public TOut Map(TIn value) => function(value);
}

/// <summary>A delegate as a filter function.</summary>
internal readonly struct DelegateFilter<T>(Func<T, bool> function) : IFilterFunction<T>
{
    public bool Filter(T value) => function(value);
}
