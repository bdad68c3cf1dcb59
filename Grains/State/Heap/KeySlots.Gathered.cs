using System.Buffers;

namespace Millrace.State.Heap;

/// <content>Many entries at once.</content>
internal partial struct KeySlots
{
    /// <summary>As <see cref="Add"/>, of an entry that cannot be found yet: <see cref="TrySettle"/> follows behind the
    /// last one, before any other call. Only where there were none.</summary>
    /// <remarks>Entries gather in the segments they belong to, each behind the one before, and get their places segment
    /// by segment: the places within one are near each other in memory, those of entries that follow each other are
    /// not.</remarks>
    /// <returns>False when a segment has no more room: what has gathered is to be settled first.</returns>
    public readonly bool TryGather(uint tag, int entry) =>
        _segments[PlaceOf(tag)].TryGather(((ulong)tag << 32) | (uint)(entry + 1));

    /// <summary>Gives the entries that have gathered their places.</summary>
    /// <param name="isSame">Whether the keys of two entries are the same.</param>
    /// <returns>False when two are.</returns>
    public readonly bool TrySettle(Func<int, int, bool> isSame)
    {
        ulong[] room = ArrayPool<ulong>.Shared.Rent(SegmentSlots / 2);
        try
        {
            // One stands at several places unless it is of full depth: nothing is left for the second of them.
            foreach (Segment segment in _segments)
            {
                if (!segment.TrySettle(room, isSame))
                {
                    return false;
                }
            }
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(room);
        }

        return true;
    }

    private sealed partial class Segment
    {
        private int _gathered;

        // From the end on, only while more than half of the slots stay free, and none has its place yet.
        public bool TryGather(ulong slot)
        {
            if (Taken > 0 || 2 * (_gathered + 1) > Length)
            {
                return false;
            }

            Slots[Length - ++_gathered] = slot;
            return true;
        }

        public bool TrySettle(ulong[] room, Func<int, int, bool> isSame)
        {
            Span<ulong> gathered = room.AsSpan(0, _gathered);
            Slots.AsSpan(Length - _gathered, _gathered).CopyTo(gathered);
            Array.Clear(Slots, Length - _gathered, _gathered);
            _gathered = 0;
            foreach (ulong slot in gathered)
            {
                uint tag = (uint)(slot >> 32);
                uint at = tag & Mask;
                for (ulong other = Slots[at]; other != 0; other = Slots[at])
                {
                    if ((uint)(other >> 32) == tag && isSame((int)(uint)other - 1, (int)(uint)slot - 1))
                    {
                        return false;
                    }

                    at = (at + 1) & Mask;
                }

                AddAt(at, slot);
            }

            return true;
        }
    }
}
