using System.Numerics;
using Millrace.Functions;
using Millrace.Graph.Windows;

namespace Millrace.DataStream.Windows;

/// <summary>Adds up a number of each record.</summary>
internal readonly struct SumWindowFold<T, TNumber>(Func<T, TNumber> selector) : IWindowFold<T, TNumber>
    where TNumber : INumber<TNumber>
{
    public string Description => "sum";

    public bool MayChange => false;

    // Of numbers that round, what was added cannot be taken away again.
    public bool CanSubtract =>
        typeof(TNumber) == typeof(int) || typeof(TNumber) == typeof(long)
        || typeof(TNumber) == typeof(uint) || typeof(TNumber) == typeof(ulong);

    public TNumber First(in T value) => selector(value);

    public void Add(ref TNumber accumulator, in T value) => accumulator += selector(value);

    public void Merge(ref TNumber accumulator, in TNumber other) => accumulator += other;

    public void Subtract(ref TNumber accumulator, in TNumber other) => accumulator -= other;

    public void Open(RuntimeContext context)
    {
    }

    public void PrepareSnapshot()
    {
    }

    public void Close()
    {
    }
}
