using System.Runtime.InteropServices;

namespace Millrace.Network;

/// <summary>A queue between two threads, one that adds and one that takes. Never refuses, never locks.</summary>
/// <remarks>
/// A chain of rings: the adding side goes on in a new, larger ring when the present one is full, the taking side
/// follows when the old one is empty. In steady state one ring is used again and again and nothing is allocated.
/// The bound is its owner's business.
/// </remarks>
internal sealed class SpscQueue<T>
{
    private const int FirstSlots = 16;
    private const int MaxSlots = 1_024;

    private Ends _ends;

    public SpscQueue()
    {
        _ends.Tail = _ends.Head = new Ring(FirstSlots);
    }

    /// <summary>Adds an item. One thread at a time.</summary>
    public void Add(T item)
    {
        Ring ring = _ends.Tail;
        if (ring.TryAdd(item))
        {
            return;
        }

        Ring next = new(Math.Min(2 * ring.Slots, MaxSlots));
        next.TryAdd(item);

        // The old ring is full and stays so: who sees the link has seen all that is in it.
        ring.Follow(next);
        _ends.Tail = next;
    }

    /// <summary>Takes the oldest item. One thread at a time.</summary>
    public bool TryTake(out T item)
    {
        while (true)
        {
            Ring ring = _ends.Head;
            if (ring.TryTake(out item))
            {
                return true;
            }

            Ring? next = ring.Next;
            if (next is null)
            {
                return false;
            }

            // The link came after the last item of this ring, so a second look finds whatever the first one missed.
            if (ring.TryTake(out item))
            {
                return true;
            }

            _ends.Head = next;
        }
    }

    /// <summary>Looks at the next item behind a place, which stays where it is. The taking side's, which takes nothing
    /// meanwhile.</summary>
    /// <param name="place">Moves on; the default is in front of the oldest item.</param>
    /// <param name="item">The item.</param>
    public bool TryPeek(ref Place place, out T item) => place.TryMove(this, out item);

    /// <summary>How far somebody has looked.</summary>
    public struct Place
    {
        private Ring? _ring;
        private int _offset;

        /// <summary>The next item of a queue behind this place.</summary>
        internal bool TryMove(SpscQueue<T> queue, out T item)
        {
            Ring ring = _ring ??= queue._ends.Head;
            while (!ring.TryPeek(_offset, out item))
            {
                Ring? next = ring.Next;
                if (next is null)
                {
                    return false;
                }

                // As in TryTake: the link came after the last item of this ring.
                if (ring.TryPeek(_offset, out item))
                {
                    break;
                }

                _ring = ring = next;
                _offset = 0;
            }

            _offset++;
            return true;
        }
    }

    /// <summary>Each side's ring on a cache line of its own.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Ends
    {
        public Ring Tail;
        private readonly CacheLine _between;
        public Ring Head;
    }

    private sealed class Ring(int slots)
    {
        private readonly T[] _items = new T[slots];
        private Cursors _cursors;
        private Ring? _next;

        public int Slots => _items.Length;

        public Ring? Next => Volatile.Read(ref _next);

        public void Follow(Ring next) => Volatile.Write(ref _next, next);

        public bool TryAdd(T item)
        {
            int added = _cursors.Added;
            if (added - _cursors.TakenAsSeen == _items.Length)
            {
                _cursors.TakenAsSeen = Volatile.Read(ref _cursors.Taken);
                if (added - _cursors.TakenAsSeen == _items.Length)
                {
                    return false;
                }
            }

            _items[added & (_items.Length - 1)] = item;
            Volatile.Write(ref _cursors.Added, added + 1);
            return true;
        }

        public bool TryPeek(int offset, out T item)
        {
            int at = _cursors.Taken + offset;
            if (at == Volatile.Read(ref _cursors.Added))
            {
                item = default!;
                return false;
            }

            item = _items[at & (_items.Length - 1)];
            return true;
        }

        public bool TryTake(out T item)
        {
            int taken = _cursors.Taken;
            if (taken == _cursors.AddedAsSeen)
            {
                _cursors.AddedAsSeen = Volatile.Read(ref _cursors.Added);
                if (taken == _cursors.AddedAsSeen)
                {
                    item = default!;
                    return false;
                }
            }

            int slot = taken & (_items.Length - 1);
            item = _items[slot];
            _items[slot] = default!;
            Volatile.Write(ref _cursors.Taken, taken + 1);
            return true;
        }
    }

    /// <summary>Counts that run on and wrap; the difference is what is in the ring. Each side remembers the
    /// other's.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Cursors
    {
        private readonly CacheLine _before;
        public int Added;
        public int TakenAsSeen;
        private readonly CacheLine _between;
        public int Taken;
        public int AddedAsSeen;
        private readonly CacheLine _after;
    }
}
