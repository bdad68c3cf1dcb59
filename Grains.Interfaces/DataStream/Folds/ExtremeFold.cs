using Millrace.Functions;
using Millrace.Graph;
using Millrace.Graph.Direct;

namespace Millrace.DataStream.Folds;

/// <summary>Keeps the least or greatest value of each record.</summary>
internal readonly struct ExtremeFold<TKey, T, TValue, TSelector>(TSelector selector, bool greatest)
    : IKeyedFold<TKey, T, TValue, Keyed<TKey, TValue>>, IDelegateFold<TKey, T, TValue, Keyed<TKey, TValue>>
    where TSelector : struct, IMapFunction<T, TValue>
{
    public string Description => greatest ? "max" : "min";

    public TValue First(in T value) => selector.Map(value);

    public void Add(ref TValue accumulator, in T value)
    {
        TValue candidate = selector.Map(value);
        int order = ValueOrder<TValue>.Order.Compare(candidate, accumulator);
        if (greatest ? order > 0 : order < 0)
        {
            accumulator = candidate;
        }
    }

    public Keyed<TKey, TValue> Result(in TKey key, in TValue accumulator) => new(key, accumulator);

    public void Accept(IDirectFunctions functions, IFoldVisitor<TKey, T, TValue, Keyed<TKey, TValue>> visitor)
    {
        if (selector is DelegateMap<T, TValue> map)
        {
            functions.Map(map.Function, new Direct(visitor, greatest));
            return;
        }

        visitor.Visit(this);
    }

    private sealed class Direct(IFoldVisitor<TKey, T, TValue, Keyed<TKey, TValue>> visitor, bool greatest)
        : IMapVisitor<T, TValue>
    {
        public void Visit<TDirect>(TDirect function)
            where TDirect : struct, IMapFunction<T, TValue> =>
            visitor.Visit(new ExtremeFold<TKey, T, TValue, TDirect>(function, greatest));
    }
}

/// <summary>Keeps the record with the least or greatest value; the earlier one where they are equal.</summary>
internal readonly struct ExtremeRecordFold<TKey, T, TValue, TSelector>(TSelector selector, bool greatest)
    : IKeyedFold<TKey, T, T, T>, IDelegateFold<TKey, T, T, T>
    where TSelector : struct, IMapFunction<T, TValue>
{
    public string Description => greatest ? "maxBy" : "minBy";

    public T First(in T value) => value;

    public void Add(ref T accumulator, in T value)
    {
        int order = ValueOrder<TValue>.Order.Compare(selector.Map(value), selector.Map(accumulator));
        if (greatest ? order > 0 : order < 0)
        {
            accumulator = value;
        }
    }

    public T Result(in TKey key, in T accumulator) => accumulator;

    public void Accept(IDirectFunctions functions, IFoldVisitor<TKey, T, T, T> visitor)
    {
        if (selector is DelegateMap<T, TValue> map)
        {
            functions.Map(map.Function, new Direct(visitor, greatest));
            return;
        }

        visitor.Visit(this);
    }

    private sealed class Direct(IFoldVisitor<TKey, T, T, T> visitor, bool greatest) : IMapVisitor<T, TValue>
    {
        public void Visit<TDirect>(TDirect function)
            where TDirect : struct, IMapFunction<T, TValue> =>
            visitor.Visit(new ExtremeRecordFold<TKey, T, TValue, TDirect>(function, greatest));
    }
}
