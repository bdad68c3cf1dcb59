using System.Numerics;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Graph.Direct;

namespace Millrace.DataStream.Folds;

/// <summary>Adds up a number of each record.</summary>
internal readonly struct SumFold<TKey, T, TNumber, TSelector>(TSelector selector)
    : IKeyedFold<TKey, T, TNumber, Keyed<TKey, TNumber>>, IDelegateFold<TKey, T, TNumber, Keyed<TKey, TNumber>>
    where TNumber : INumber<TNumber>
    where TSelector : struct, IMapFunction<T, TNumber>
{
    public string Description => "sum";

    public TNumber First(in T value) => selector.Map(value);

    public void Add(ref TNumber accumulator, in T value) => accumulator += selector.Map(value);

    public Keyed<TKey, TNumber> Result(in TKey key, in TNumber accumulator) => new(key, accumulator);

    public void Accept(
        IDirectFunctions functions, IFoldVisitor<TKey, T, TNumber, Keyed<TKey, TNumber>> visitor)
    {
        if (selector is DelegateMap<T, TNumber> map)
        {
            functions.Map(map.Function, new Direct(visitor));
            return;
        }

        visitor.Visit(this);
    }

    private sealed class Direct(IFoldVisitor<TKey, T, TNumber, Keyed<TKey, TNumber>> visitor)
        : IMapVisitor<T, TNumber>
    {
        public void Visit<TDirect>(TDirect function)
            where TDirect : struct, IMapFunction<T, TNumber> =>
            visitor.Visit(new SumFold<TKey, T, TNumber, TDirect>(function));
    }
}
