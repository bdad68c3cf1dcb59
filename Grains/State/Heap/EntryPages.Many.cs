using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Millrace.State.Heap;

/// <content>Many entries at once.</content>
internal partial struct EntryPages<TEntry>
{
    // Entries that are asked for before the first of them is needed: less than the nearest cache holds, and more than
    // the processor can wait for at a time.
    private const int AskedAtOnce = 64;

    private const int LineBytes = 64;
    private const int MostLines = 8;

    /// <summary>Makes entries ready to be changed, until the next freeze.</summary>
    /// <param name="numbers">Their numbers from 1. Where there is no such entry nothing happens, and where one is not
    /// changed after all it only costs time.</param>
    /// <remarks>Entries are far from each other in memory: set aside one by one, each would be waited for.</remarks>
    public void ChangeMany(ReadOnlySpan<uint> numbers)
    {
        if (Count == 0)
        {
            return;
        }

        Span<int> untouched = stackalloc int[AskedAtOnce];
        while (!numbers.IsEmpty)
        {
            ReadOnlySpan<uint> some = numbers[..Math.Min(AskedAtOnce, numbers.Length)];
            AskForMany(some);
            if (_frozen is not null && unshare is not null)
            {
                ChangeEach(some);
            }
            else
            {
                KeepMany(untouched[..MarkUntouched(some, untouched)]);
            }

            numbers = numbers[some.Length..];
        }

        ForgetReleased();
    }

    // Asks for the memory of an entry.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void AskFor(ref readonly TEntry entry)
    {
        if (Sse.IsSupported)
        {
            // The collector may move it meanwhile: an address that is asked for is not read.
            byte* first = (byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in entry));
            int last = Unsafe.SizeOf<TEntry>() - 1;
            for (int offset = 0; offset < last && offset < LineBytes * MostLines; offset += LineBytes)
            {
                Sse.Prefetch0(first + offset);
            }

            Sse.Prefetch0(first + last);
        }
    }

    // They are needed soon in any case, and those that are set aside at once.
    private readonly void AskForMany(ReadOnlySpan<uint> numbers)
    {
        if (_frozen is null)
        {
            return;
        }

        foreach (uint number in numbers)
        {
            if (number - 1 < (uint)Count)
            {
                AskFor(in At((int)number - 1));
            }
        }
    }

    private void ChangeEach(ReadOnlySpan<uint> numbers)
    {
        foreach (uint number in numbers)
        {
            if (number - 1 < (uint)Count)
            {
                Change((int)number - 1);
            }
        }
    }

    // Each once. Without a question whose answer the processor would guess wrongly.
    private readonly int MarkUntouched(ReadOnlySpan<uint> numbers, Span<int> untouched)
    {
        uint count = (uint)Count;
        int found = 0;
        foreach (uint number in numbers)
        {
            bool isThere = number - 1 < count;
            int index = isThere ? (int)number - 1 : 0;
            ref ulong word = ref _touched[index >> WordBits];
            ulong bit = isThere ? BitOf(index) : 0;
            untouched[found] = index;
            found += isThere & (word & bit) == 0 ? 1 : 0;
            word |= bit;
        }

        return found;
    }

    private readonly void KeepMany(ReadOnlySpan<int> indexes)
    {
        if (_frozen is not null)
        {
            foreach (Frozen frozen in _frozen)
            {
                frozen.Pages.KeepMany(indexes, _pages);
            }
        }
    }
}
