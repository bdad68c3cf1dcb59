using System.Numerics;
using Millrace.Graph;

namespace Millrace.DataStream.Folds;

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
