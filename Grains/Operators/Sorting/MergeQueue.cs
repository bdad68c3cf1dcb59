using System.Diagnostics.CodeAnalysis;

namespace Millrace.Operators.Sorting;

/// <summary>Sorted runs by their records at hand, the least first; and those that are to fetch their next
/// one.</summary>
internal sealed class MergeQueue(int runs)
{
    private readonly ISortedCursor[] _heap = new ISortedCursor[runs];
    private readonly Queue<ISortedCursor> _toLoad = [];
    private int _count;

    /// <summary>Puts a run aside until its next record is fetched.</summary>
    public void ToLoad(ISortedCursor cursor) => _toLoad.Enqueue(cursor);

    /// <summary>Adds a run that has a record at hand, or is at its beginning in memory.</summary>
    public void Add(ISortedCursor cursor)
    {
        if (cursor is MemoryCursor && cursor.MoveNext() == CursorMove.Ended)
        {
            return;
        }

        int at = _count++;
        while (at > 0 && IsLess(cursor, _heap[(at - 1) / 2]))
        {
            _heap[at] = _heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        _heap[at] = cursor;
    }

    /// <summary>A run whose next record is to be fetched: as long as there is one, the least is not known.</summary>
    public bool TryTakeToLoad([NotNullWhen(true)] out ISortedCursor? cursor) => _toLoad.TryDequeue(out cursor);

    /// <summary>The run with the least record.</summary>
    public bool TryPeek([NotNullWhen(true)] out ISortedCursor? cursor)
    {
        cursor = _count > 0 ? _heap[0] : null;
        return cursor is not null;
    }

    /// <summary>Moves the run with the least record on.</summary>
    public void MoveFirst()
    {
        ISortedCursor first = _heap[0];
        CursorMove move = first.MoveNext();
        if (move == CursorMove.Moved)
        {
            SiftDown(first);
            return;
        }

        if (move == CursorMove.ToLoad)
        {
            _toLoad.Enqueue(first);
        }

        ISortedCursor last = _heap[--_count];
        _heap[_count] = null!;
        if (_count > 0)
        {
            SiftDown(last);
        }
    }

    private void SiftDown(ISortedCursor cursor)
    {
        int at = 0;
        while (true)
        {
            int child = (2 * at) + 1;
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && IsLess(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!IsLess(_heap[child], cursor))
            {
                break;
            }

            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = cursor;
    }

    private static bool IsLess(ISortedCursor left, ISortedCursor right)
    {
        SortPlace first = left.Place;
        SortPlace second = right.Place;
        return first == second ? left.Run < right.Run : first.IsBefore(in second);
    }
}
