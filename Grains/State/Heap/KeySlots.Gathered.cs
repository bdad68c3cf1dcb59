using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Millrace.State.Heap;

/// <content>Many entries at once.</content>
internal partial struct KeySlots
{
    // In place of a guess: the slot where an entry would be put, as the key is not there.
    private const uint FreeSlot = 1u << 31;

    /// <summary>As <see cref="Probe"/>, for keys that are added where they are not there: where the guess is that, it
    /// says where.</summary>
    /// <param name="hashes">Their hashes.</param>
    /// <param name="guesses">As long as <paramref name="hashes"/>; good until the next call of this. What is no entry's
    /// number is for <see cref="StartOf"/>.</param>
    public void ProbeToAdd(ReadOnlySpan<ulong> hashes, Span<uint> guesses)
    {
        Probe(hashes, guesses);
        _movesProbed = _moves;
        guesses = guesses[..hashes.Length];

        // Where most are there, looking for the others again costs less than this.
        if (2 * guesses.Count(0u) > guesses.Length)
        {
            for (int i = 0; i < guesses.Length; i++)
            {
                uint tag = (uint)hashes[i];
                ref ulong home = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Of(tag)), tag & Mask);
                guesses[i] = guesses[i] == 0 ? FreeAmong(Vector256.LoadUnsafe(ref home), tag & Mask) : guesses[i];
            }
        }
    }

    /// <summary>Where to begin to look for a key, among the slots of its tag.</summary>
    /// <param name="guess">What <see cref="ProbeToAdd"/> says of it.</param>
    /// <param name="tag">The tag.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint StartOf(uint guess, uint tag) =>
        // If the key has been added since then it took that slot, or one behind it: those before were taken by others.
        guess >= FreeSlot && _moves == _movesProbed ? guess & ~FreeSlot : tag & Mask;

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

    // The slots behind the last one are there for probes only.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly uint FreeAmong(Vector256<ulong> slots, uint home)
    {
        uint free = Vector256.Equals(slots, Vector256<ulong>.Zero).ExtractMostSignificantBits();
        uint at = home + (uint)BitOperations.TrailingZeroCount(free);
        return free == 0 || at > Mask ? 0 : FreeSlot | at;
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
