using System.Collections;
using System.Runtime.CompilerServices;
using Millrace.Functions;

namespace Millrace.Operators.Async;

/// <summary>What an asynchronous function has emitted for one record, in order.</summary>
/// <remarks>Written by one thread at a time, that of the function; read by the loop once the call has ended, which is
/// told through <see cref="AsyncCompletions{TIn,TResult}"/>.</remarks>
internal sealed class AsyncResults<T> : ICollector<T>, IReadOnlyList<T>
{
    // What one record with very many results needed is not kept for those that follow.
    private const int MostKept = 256;

    private T[] _items = new T[1];

    public int Count { get; private set; }

    public T this[int index] => _items.AsSpan(0, Count)[index];

    /// <summary>The results.</summary>
    public ReadOnlySpan<T> Span => _items.AsSpan(0, Count);

    public void Emit(T value)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        _items[Count++] = value;
    }

    /// <summary>Forgets them.</summary>
    public void Clear()
    {
        if (_items.Length > MostKept)
        {
            _items = new T[1];
        }
        else if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            Array.Clear(_items, 0, Count);
        }

        Count = 0;
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return _items[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
