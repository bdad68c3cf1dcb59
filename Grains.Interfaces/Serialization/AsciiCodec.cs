using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Millrace.Serialization;

/// <summary>
/// ASCII between two bytes a character and one, checked while it is copied: most text is nothing else.
/// </summary>
/// <remarks>
/// Text that is no multiple of a block ends with one that overlaps the one before; text shorter than a block is two
/// smaller ones that overlap. So nothing outside is touched, and few steps depend on the length.
/// </remarks>
internal static class AsciiCodec
{
    private const int Block = 16;
    private const int Eight = 8;
    private const int Four = 4;
    private const ulong BeyondInFourChars = 0xFF80_FF80_FF80_FF80;
    private const ulong BeyondInEightBytes = 0x8080_8080_8080_8080;
    private const uint BeyondInFourBytes = 0x8080_8080;

    /// <summary>Copies characters to as many bytes.</summary>
    /// <returns>False when one is beyond ASCII; what was written by then means nothing.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryNarrow(string text, ref byte destination)
    {
        ref ushort source = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text.AsSpan()));
        return text.Length >= Block
            ? TryNarrowBlocks(ref source, text.Length, ref destination)
            : TryNarrowFew(ref source, text.Length, ref destination);
    }

    /// <summary>Copies bytes to as many characters.</summary>
    /// <returns>False when one is beyond ASCII; what was written by then means nothing.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWiden(ref byte source, int count, ref char destination)
    {
        ref ushort target = ref Unsafe.As<char, ushort>(ref destination);
        return count >= Block
            ? TryWidenBlocks(ref source, count, ref target)
            : TryWidenFew(ref source, count, ref target);
    }

    private static bool TryNarrowBlocks(ref ushort source, int length, ref byte destination)
    {
        int last = length - Block;
        for (int at = 0; at < last; at += Block)
        {
            if (!TryNarrowBlock(ref source, at, ref destination))
            {
                return false;
            }
        }

        return TryNarrowBlock(ref source, last, ref destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryNarrowBlock(ref ushort source, int at, ref byte destination)
    {
        Vector128<ushort> low = Vector128.LoadUnsafe(ref source, (nuint)at);
        Vector128<ushort> high = Vector128.LoadUnsafe(ref source, (nuint)(at + Eight));
        if (((low | high) & Vector128.Create((ushort)0xFF80)) != Vector128<ushort>.Zero)
        {
            return false;
        }

        Vector128.Narrow(low, high).StoreUnsafe(ref destination, (nuint)at);
        return true;
    }

    private static bool TryNarrowFew(ref ushort source, int length, ref byte destination)
    {
        if (length >= Eight)
        {
            Vector128<ushort> first = Vector128.LoadUnsafe(ref source);
            Vector128<ushort> last = Vector128.LoadUnsafe(ref source, (nuint)(length - Eight));
            Vector128<ulong> bytes = Vector128.Narrow(first, last).AsUInt64();
            Unsafe.WriteUnaligned(ref destination, bytes.GetElement(0));
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref destination, length - Eight), bytes.GetElement(1));
            return ((first | last) & Vector128.Create((ushort)0xFF80)) == Vector128<ushort>.Zero;
        }

        if (length >= Four)
        {
            ulong first = Get<ulong>(ref source, 0);
            ulong last = Get<ulong>(ref source, length - Four);
            Vector128<uint> bytes = Vector128.Narrow(
                Vector128.Create(first, last).AsUInt16(), Vector128<ushort>.Zero).AsUInt32();
            Unsafe.WriteUnaligned(ref destination, bytes.GetElement(0));
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref destination, length - Four), bytes.GetElement(1));
            return ((first | last) & BeyondInFourChars) == 0;
        }

        int all = 0;
        for (int i = 0; i < length; i++)
        {
            int character = Unsafe.Add(ref source, i);
            Unsafe.Add(ref destination, i) = (byte)character;
            all |= character;
        }

        return all < 0x80;
    }

    private static bool TryWidenBlocks(ref byte source, int count, ref ushort destination)
    {
        int last = count - Block;
        for (int at = 0; at < last; at += Block)
        {
            if (!TryWidenBlock(ref source, at, ref destination))
            {
                return false;
            }
        }

        return TryWidenBlock(ref source, last, ref destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryWidenBlock(ref byte source, int at, ref ushort destination)
    {
        Vector128<byte> bytes = Vector128.LoadUnsafe(ref source, (nuint)at);
        if (bytes.ExtractMostSignificantBits() != 0)
        {
            return false;
        }

        (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(bytes);
        low.StoreUnsafe(ref destination, (nuint)at);
        high.StoreUnsafe(ref destination, (nuint)(at + Eight));
        return true;
    }

    private static bool TryWidenFew(ref byte source, int count, ref ushort destination)
    {
        if (count >= Eight)
        {
            ulong first = Unsafe.ReadUnaligned<ulong>(ref source);
            ulong last = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, count - Eight));
            Vector128<byte> bytes = Vector128.Create(first, last).AsByte();
            Vector128.WidenLower(bytes).StoreUnsafe(ref destination);
            Vector128.WidenUpper(bytes).StoreUnsafe(ref destination, (nuint)(count - Eight));
            return ((first | last) & BeyondInEightBytes) == 0;
        }

        if (count >= Four)
        {
            uint first = Unsafe.ReadUnaligned<uint>(ref source);
            uint last = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref source, count - Four));
            Vector128<ulong> chars = Vector128.WidenLower(Vector128.Create(first, last, 0, 0).AsByte()).AsUInt64();
            Put(ref destination, 0, chars.GetElement(0));
            Put(ref destination, count - Four, chars.GetElement(1));
            return ((first | last) & BeyondInFourBytes) == 0;
        }

        int all = 0;
        for (int i = 0; i < count; i++)
        {
            byte character = Unsafe.Add(ref source, i);
            Unsafe.Add(ref destination, i) = character;
            all |= character;
        }

        return all < 0x80;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Get<T>(ref ushort source, int at) =>
        Unsafe.ReadUnaligned<T>(ref Unsafe.As<ushort, byte>(ref Unsafe.Add(ref source, at)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<T>(ref ushort destination, int at, T value) =>
        Unsafe.WriteUnaligned(ref Unsafe.As<ushort, byte>(ref Unsafe.Add(ref destination, at)), value);
}
