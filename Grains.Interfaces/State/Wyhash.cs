using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Millrace.State;

/// <summary>The hash of bytes: wyhash, final version 4, as docs/formats/key-hash.md spells it out.</summary>
/// <remarks>Saved state depends on every bit of it.</remarks>
internal static class Wyhash
{
    private const ulong Secret0 = 0xa0761d6478bd642f;
    private const ulong Secret1 = 0xe7037ed1a0b428db;
    private const ulong Secret2 = 0x8ebc6af09c88c6e3;
    private const ulong Secret3 = 0x589965cc75374cc3;

    private const int LaneBytes = 16;
    private const int BlockBytes = 48;

    /// <summary>The hash of some bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        ref byte at = ref MemoryMarshal.GetReference(bytes);
        int length = bytes.Length;
        seed ^= Mix(seed ^ Secret0, Secret1);
        ulong first;
        ulong second;
        if (length > LaneBytes)
        {
            seed = Absorb(ref at, length, seed);
            first = Read8(ref at, length - 16);
            second = Read8(ref at, length - 8);
        }
        else if (length >= 4)
        {
            // Two pairs of four bytes, from the front and from the back, which may overlap.
            int middle = (length >> 3) << 2;
            first = (Read4(ref at, 0) << 32) | Read4(ref at, middle);
            second = (Read4(ref at, length - 4) << 32) | Read4(ref at, length - 4 - middle);
        }
        else
        {
            first = length == 0 ? 0 : ReadFew(ref at, length);
            second = 0;
        }

        ulong high = Math.BigMul(first ^ Secret1, second ^ seed, out ulong low);
        return Mix(low ^ Secret0 ^ (ulong)length, high ^ Secret1);
    }

    private static ulong Absorb(ref byte at, int left, ulong seed)
    {
        if (left > BlockBytes)
        {
            ulong seed1 = seed;
            ulong seed2 = seed;
            do
            {
                seed = Mix(Read8(ref at, 0) ^ Secret1, Read8(ref at, 8) ^ seed);
                seed1 = Mix(Read8(ref at, 16) ^ Secret2, Read8(ref at, 24) ^ seed1);
                seed2 = Mix(Read8(ref at, 32) ^ Secret3, Read8(ref at, 40) ^ seed2);
                at = ref Unsafe.Add(ref at, BlockBytes);
                left -= BlockBytes;
            }
            while (left > BlockBytes);
            seed ^= seed1 ^ seed2;
        }

        while (left > LaneBytes)
        {
            seed = Mix(Read8(ref at, 0) ^ Secret1, Read8(ref at, 8) ^ seed);
            at = ref Unsafe.Add(ref at, LaneBytes);
            left -= LaneBytes;
        }

        return seed;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return low ^ high;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Read8(ref byte at, int offset) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Read4(ref byte at, int offset) => Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref at, offset));

    private static ulong ReadFew(ref byte at, int length) =>
        ((ulong)at << 16) | ((ulong)Unsafe.Add(ref at, length >> 1) << 8) | Unsafe.Add(ref at, length - 1);
}
