using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Millrace.State.Heap;

/// <summary>Finds the numbers of entries by the low half of their hashes. Belongs to one loop.</summary>
/// <remarks>
/// Open addressing over slots of eight bytes: the low half of a hash, the tag, and the number of an entry from 1. Few
/// slots are one segment, which doubles; many are segments of equal size, found by the bits of the tag above those that
/// say the place within one. A segment that is half full becomes two, and two that are nearly empty become one: there
/// is no moment at which all slots are moved. Segments are so large that the collector does not move them either.
/// </remarks>
internal partial struct KeySlots
{
    /// <summary>A probe reads this many slots without asking whether one of them is the last.</summary>
    public const int ProbedSlots = 4;

    private const int FirstSlots = 16;
    private const int SegmentBits = 14;
    private const int SegmentSlots = 1 << SegmentBits;
    private const int MaxDepth = 32 - SegmentBits;

    // Fewer than one in eight slots taken: growing again is far away.
    private const int ShrinkRatio = 8;

    // So many slots of a segment are taken on average where room is made for a known number of entries: hardly any
    // segment is half full then by chance.
    private const int RoomyTaken = SegmentSlots * 15 / 32;

    // By the bits of a tag above those of the place; one segment stands at several places unless it is of full depth.
    private ulong[][] _slots;
    private Segment[] _segments;
    private uint _places;
    private int _depth;

    // Segments of full depth: without any, half of the places would do.
    private int _deepest;

    public KeySlots()
    {
        Segment segment = new(FirstSlots, 0);
        _segments = [segment];
        _slots = [segment.Slots];
        Mask = FirstSlots - 1;
        _deepest = 1;
    }

    /// <summary>The bits of a tag that say the place within a segment.</summary>
    public uint Mask { get; private set; }

    /// <summary>Number of slots of all segments.</summary>
    public readonly int Count => _segments.Distinct().Sum(static segment => segment.Length);

    /// <summary>The slots among which a tag is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong[] Of(uint tag) =>
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_slots), (tag >> SegmentBits) & _places);

    /// <summary>Guesses the numbers of many entries.</summary>
    /// <param name="hashes">Their hashes.</param>
    /// <param name="guesses">As long as <paramref name="hashes"/>; 0 where there is no guess.</param>
    public readonly void Probe(ReadOnlySpan<ulong> hashes, Span<uint> guesses)
    {
        guesses = guesses[..hashes.Length];
        ref ulong[] segments = ref MemoryMarshal.GetArrayDataReference(_slots);
        uint places = _places;
        uint mask = Mask;
        for (int i = 0; i < guesses.Length; i++)
        {
            uint tag = (uint)hashes[i];
            ulong[] slots = Unsafe.Add(ref segments, (tag >> SegmentBits) & places);
            ref ulong home = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(slots), tag & mask);
            guesses[i] = EntryAmong(Vector256.LoadUnsafe(ref home), tag);
        }
    }

    /// <summary>Adds an entry whose key is not there.</summary>
    /// <exception cref="InvalidOperationException">There are too many of the same tag.</exception>
    public void Add(uint tag, int entry)
    {
        Segment segment = _segments[PlaceOf(tag)];
        while (2 * (segment.Taken + 1) > segment.Length && segment.Depth < MaxDepth)
        {
            if (segment.Length < SegmentSlots)
            {
                Resize(segment.Length * 2);
            }
            else
            {
                Split(segment, PlaceOf(tag));
            }

            segment = _segments[PlaceOf(tag)];
        }

        if (segment.Taken + 1 == segment.Length)
        {
            throw new InvalidOperationException(
                $"A table holds {segment.Taken} keys whose hashes have the same low half, {tag:x8}: it has no room " +
                "for another one.");
        }

        segment.Add(((ulong)tag << 32) | (uint)(entry + 1));
    }

    /// <summary>As <see cref="Add"/>, where it is known which slot is the first free one.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="at">That slot, among those of the tag.</param>
    /// <param name="entry">The entry.</param>
    public void AddAt(uint tag, uint at, int entry)
    {
        Segment segment = _segments[PlaceOf(tag)];
        if (2 * (segment.Taken + 1) > segment.Length)
        {
            Add(tag, entry);
            return;
        }

        segment.AddAt(at, ((ulong)tag << 32) | (uint)(entry + 1));
    }

    /// <summary>Makes room for so many entries; nothing happens unless there are none.</summary>
    public void Reserve(int entries)
    {
        if (_depth > 0 || _segments[0].Taken > 0)
        {
            return;
        }

        int slots = FirstSlots;
        while (slots < SegmentSlots && slots < 2L * entries)
        {
            slots *= 2;
        }

        if (slots > _segments[0].Length)
        {
            Resize(slots);
        }

        int depth = 0;
        while (depth < MaxDepth && entries >> depth > RoomyTaken)
        {
            depth++;
        }

        if (depth == 0 || slots < SegmentSlots)
        {
            return;
        }

        _segments = new Segment[1 << depth];
        _slots = new ulong[1 << depth][];
        for (int i = 0; i < _segments.Length; i++)
        {
            Put(new Segment(SegmentSlots, depth), i);
        }

        _places = (uint)_segments.Length - 1;
        _depth = depth;
        _deepest = _segments.Length;
    }

    /// <summary>An entry has another number now.</summary>
    public readonly void Renumber(uint tag, int from, int to)
    {
        ulong[] slots = Of(tag);
        uint at = tag & Mask;
        while ((uint)slots[at] != (uint)(from + 1))
        {
            Debug.Assert(slots[at] != 0, "an entry has a slot, and no free one lies between it and its home");
            at = (at + 1) & Mask;
        }

        slots[at] = ((ulong)tag << 32) | (uint)(to + 1);
    }

    /// <summary>Removes what stands in a slot.</summary>
    /// <param name="tag">The tag of the entry.</param>
    /// <param name="at">Where it stands among the slots of its tag.</param>
    public void Remove(uint tag, uint at)
    {
        Segment segment = _segments[PlaceOf(tag)];
        segment.CloseGap(at);
        if (segment.Taken * ShrinkRatio >= segment.Length)
        {
            return;
        }

        if (segment.Depth == 0)
        {
            if (segment.Length > FirstSlots)
            {
                Resize(segment.Length / 2);
            }

            return;
        }

        Join(tag);
    }

    /// <summary>Removes everything. Slots stay, unless they are to be given back.</summary>
    public void Clear(bool givesBack)
    {
        if (givesBack)
        {
            this = new KeySlots();
            return;
        }

        foreach (Segment segment in _segments)
        {
            segment.Clear();
        }
    }

    // All slots at once, and without a question: which one it is, the processor would guess wrongly too often. The tags
    // are the upper halves; two entries of one tag give a guess that is wrong, which is no harm.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint EntryAmong(Vector256<ulong> slots, uint tag)
    {
        Vector256<ulong> same = Vector256.Equals(slots.AsUInt32(), Vector256.Create(tag)).AsUInt64() >>> 32;
        Vector256<ulong> found = slots & same;
        Vector128<ulong> either = found.GetLower() | found.GetUpper();
        return (uint)(either.ToScalar() | either.GetElement(1));
    }

    private readonly int PlaceOf(uint tag) => (int)((tag >> SegmentBits) & _places);

    // The only segment there is.
    private void Resize(int slots)
    {
        Segment former = _segments[0];
        Segment segment = new(slots, 0);
        Mask = (uint)slots - 1;
        former.MoveTo(segment, segment, 0);
        Put(segment, 0);
    }

    private void Split(Segment segment, int place)
    {
        if (segment.Depth == _depth)
        {
            _slots = [.. _slots, .. _slots];
            _segments = [.. _segments, .. _segments];
            _places = (_places * 2) + 1;
            _depth++;
            _deepest = 0;
        }

        Segment low = new(SegmentSlots, segment.Depth + 1);
        Segment high = new(SegmentSlots, segment.Depth + 1);
        segment.MoveTo(low, high, SegmentBits + segment.Depth);
        int step = 1 << segment.Depth;
        int first = place & (step - 1);
        Put(low, first);
        Put(high, first + step);
        _deepest += low.Depth == _depth ? 2 : 0;
    }

    // Two segments that differ in the last bit become one, as long as they leave three of four slots free.
    private void Join(uint tag)
    {
        while (true)
        {
            int place = PlaceOf(tag);
            Segment segment = _segments[place];
            if (segment.Depth == 0)
            {
                return;
            }

            int last = 1 << (segment.Depth - 1);
            Segment other = _segments[place ^ last];
            if (other.Depth != segment.Depth || (segment.Taken + other.Taken) * 4 > SegmentSlots)
            {
                return;
            }

            Segment joined = new(SegmentSlots, segment.Depth - 1);
            segment.MoveTo(joined, joined, 0);
            other.MoveTo(joined, joined, 0);
            Put(joined, place & (last - 1));
            _deepest -= segment.Depth == _depth ? 2 : 0;
            HalveIfPossible();
        }
    }

    private void HalveIfPossible()
    {
        while (_deepest == 0 && _depth > 0)
        {
            Array.Resize(ref _slots, _slots.Length / 2);
            Array.Resize(ref _segments, _segments.Length / 2);
            _places /= 2;
            _depth--;
            int depth = _depth;
            _deepest = _segments.Count(segment => segment.Depth == depth);
        }
    }

    // At all places whose low bits are those of the segment.
    private readonly void Put(Segment segment, int first)
    {
        for (int place = first; place < _segments.Length; place += 1 << segment.Depth)
        {
            _segments[place] = segment;
            _slots[place] = segment.Slots;
        }
    }

    private sealed partial class Segment(int slots, int depth)
    {
        // Some more, so that a probe at the end needs no question.
        public ulong[] Slots { get; } = new ulong[slots + ProbedSlots - 1];

        public int Length => slots;

        /// <summary>How many bits above those of the place all of its tags have in common.</summary>
        public int Depth => depth;

        public int Taken { get; private set; }

        private uint Mask => (uint)slots - 1;

        public void Add(ulong slot)
        {
            uint at = (uint)(slot >> 32) & Mask;
            while (Slots[at] != 0)
            {
                at = (at + 1) & Mask;
            }

            AddAt(at, slot);
        }

        public void AddAt(uint at, ulong slot)
        {
            Slots[at] = slot;
            Taken++;
        }

        public void MoveTo(Segment low, Segment high, int bit)
        {
            foreach (ulong slot in Slots)
            {
                if (slot != 0)
                {
                    ((((uint)(slot >> 32) >> bit) & 1) == 0 ? low : high).Add(slot);
                }
            }
        }

        // What stands behind the gap moves into it, unless that would be before its home.
        public void CloseGap(uint gap)
        {
            uint at = gap;
            while (true)
            {
                at = (at + 1) & Mask;
                ulong slot = Slots[at];
                if (slot == 0)
                {
                    break;
                }

                uint home = (uint)(slot >> 32) & Mask;
                if (((at - home) & Mask) >= ((at - gap) & Mask))
                {
                    Slots[gap] = slot;
                    gap = at;
                }
            }

            Slots[gap] = 0;
            Taken--;
        }

        public void Clear()
        {
            if (Taken > 0)
            {
                Array.Clear(Slots);
                Taken = 0;
            }
        }
    }
}
