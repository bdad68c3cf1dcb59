using Millrace.Functions;
using Millrace.Graph.Windows;

namespace Millrace.DataStream.Windows;

/// <summary>Counts.</summary>
internal readonly struct CountWindowFold<T> : IWindowFold<T, long>
{
    public string Description => "count";

    public bool MayChange => false;

    public bool CanSubtract => true;

    public long First(in T value) => 1;

    public void Add(ref long accumulator, in T value) => accumulator++;

    public void Merge(ref long accumulator, in long other) => accumulator += other;

    public void Subtract(ref long accumulator, in long other) => accumulator -= other;

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
