using Millrace.State.Heap;

namespace Millrace.Operators.Windows;

/// <summary>When to look at sessions again, the earliest first; those of one time in the order of their hashes. Belongs
/// to one loop.</summary>
internal sealed class SessionEnds
{
    // Four children: the items compared on the way down are neighbours in memory.
    private const int Children = 4;

    private PagedList<Item> _heap = new();

    /// <summary>Number of items.</summary>
    public int Count { get; private set; }

    /// <summary>The earliest one, when there is one.</summary>
    public ref readonly Item First => ref _heap[0];

    public void Add(in Item item)
    {
        if (Count == _heap.Room)
        {
            _heap.Grow();
        }

        int place = Count++;
        while (place > 0)
        {
            int parent = (place - 1) / Children;
            if (!IsBefore(in item, in _heap[parent]))
            {
                break;
            }

            _heap[place] = _heap[parent];
            place = parent;
        }

        _heap[place] = item;
    }

    /// <summary>Takes the earliest one out.</summary>
    public Item Take()
    {
        Item first = _heap[0];
        Item moved = _heap[--Count];
        MoveDown(in moved);
        _heap.Trim(Count);

        return first;
    }

    private static bool IsBefore(in Item left, in Item right) =>
        left.Time < right.Time || (left.Time == right.Time && left.Hash < right.Hash);

    private void MoveDown(in Item item)
    {
        int place = 0;
        while (true)
        {
            int child = (place * Children) + 1;
            if (child >= Count)
            {
                break;
            }

            int end = Math.Min(child + Children, Count);
            int least = child;
            for (int i = child + 1; i < end; i++)
            {
                least = IsBefore(in _heap[i], in _heap[least]) ? i : least;
            }

            if (!IsBefore(in _heap[least], in item))
            {
                break;
            }

            _heap[place] = _heap[least];
            place = least;
        }

        _heap[place] = item;
    }

    /// <summary>A session, and when to look at it.</summary>
    /// <param name="Time">When.</param>
    /// <param name="Hash">Of its key.</param>
    /// <param name="Session">Its place.</param>
    /// <param name="Life">Which of the sessions that had that place.</param>
    internal readonly record struct Item(long Time, ulong Hash, int Session, int Life);
}
