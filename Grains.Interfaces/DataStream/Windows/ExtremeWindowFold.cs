using Millrace.Functions;
using Millrace.Graph.Windows;

namespace Millrace.DataStream.Windows;

/// <summary>Keeps the least or greatest value.</summary>
internal readonly struct ExtremeWindowFold<T, TValue>(Func<T, TValue> selector, bool greatest)
    : IWindowFold<T, TValue>
{
    public string Description => greatest ? "max" : "min";

    public bool MayChange => false;

    public bool CanSubtract => false;

    public TValue First(in T value) => selector(value);

    public void Add(ref TValue accumulator, in T value) => Merge(ref accumulator, selector(value));

    public void Merge(ref TValue accumulator, in TValue other)
    {
        int order = Comparer<TValue>.Default.Compare(other, accumulator);
        if (greatest ? order > 0 : order < 0)
        {
            accumulator = other;
        }
    }

    public void Subtract(ref TValue accumulator, in TValue other) => throw new NotSupportedException(Description);

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

/// <summary>Keeps the record with the least or greatest value; the earlier one where they are equal.</summary>
internal readonly struct ExtremeRecordWindowFold<T, TValue>(Func<T, TValue> selector, bool greatest)
    : IWindowFold<T, T>
{
    public string Description => greatest ? "maxBy" : "minBy";

    public bool MayChange => false;

    public bool CanSubtract => false;

    public T First(in T value) => value;

    public void Add(ref T accumulator, in T value)
    {
        int order = Comparer<TValue>.Default.Compare(selector(value), selector(accumulator));
        if (greatest ? order > 0 : order < 0)
        {
            accumulator = value;
        }
    }

    public void Merge(ref T accumulator, in T other) => Add(ref accumulator, in other);

    public void Subtract(ref T accumulator, in T other) => throw new NotSupportedException(Description);

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
