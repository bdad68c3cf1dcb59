using Millrace.Graph;

namespace Millrace.DataStream.Folds;

/// <summary>Keeps the least or greatest value of each record.</summary>
internal readonly struct ExtremeFold<TKey, T, TValue>(Func<T, TValue> selector, bool greatest)
    : IKeyedFold<TKey, T, TValue, Keyed<TKey, TValue>>
{
    public string Description => greatest ? "max" : "min";

    public TValue First(in T value) => selector(value);

    public void Add(ref TValue accumulator, in T value)
    {
        TValue candidate = selector(value);
        int order = ValueOrder<TValue>.Order.Compare(candidate, accumulator);
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
        int order = ValueOrder<TValue>.Order.Compare(selector(value), selector(accumulator));
        if (greatest ? order > 0 : order < 0)
        {
            accumulator = value;
        }
    }

    public T Result(in TKey key, in T accumulator) => accumulator;
}
