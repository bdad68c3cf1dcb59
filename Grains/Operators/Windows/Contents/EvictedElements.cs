using Millrace.Windowing.Evictors;

namespace Millrace.Operators.Windows.Contents;

/// <summary>The records of the window that fires, as its evictor sees them.</summary>
internal sealed class EvictedElements<T> : WindowElements<T>
{
    private readonly List<TimedValue<T>> _elements = [];

    public override int Count => _elements.Count;

    /// <summary>Whether some were removed.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>What is left, with times.</summary>
    public IReadOnlyList<TimedValue<T>> Rest => _elements;

    /// <summary>What is left.</summary>
    public IEnumerable<T> Values => _elements.Select(element => element.Value);

    public void Take(IEnumerable<TimedValue<T>> elements)
    {
        IsChanged = false;
        _elements.AddRange(elements);
    }

    public void Drop() => _elements.Clear();

    public override long TimestampAt(int index) => _elements[index].Timestamp;

    public override T ValueAt(int index) => _elements[index].Value;

    public override void RemoveFirst(int count)
    {
        _elements.RemoveRange(0, count);
        IsChanged |= count > 0;
    }

    public override void RemoveWhere(Func<int, bool> isRemoved)
    {
        bool[] removed = [.. Enumerable.Range(0, _elements.Count).Select(isRemoved)];
        int index = 0;
        IsChanged |= _elements.RemoveAll(_ => removed[index++]) > 0;
    }
}
