using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Millrace.Execution.Spilling;

/// <summary>CRC-32C of bytes, as processors compute it.</summary>
/// <remarks>
/// Each step of it waits for the one before, and a processor could do three in that time: so long blocks are taken as
/// three neighbouring parts, whose checksums become one. What a checksum becomes behind a part of zeros is the sum of
/// what each of its bytes becomes, which tables say.
/// </remarks>
internal static class Checksum
{
    private const int PartBytes = 1_024;
    private const int BlockBytes = 3 * PartBytes;
    private const int Bytes = 256;

    private static readonly uint[] BehindPart = TableOf(PartBytes);
    private static readonly uint[] BehindTwoParts = TableOf(2 * PartBytes);

    public static uint Of(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>The checksum of bytes and those that follow them.</summary>
    /// <param name="checksum">Of the bytes so far; 0 of none.</param>
    /// <param name="bytes">Those that follow.</param>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        uint crc = ~checksum;
        while (bytes.Length >= BlockBytes)
        {
            crc = AppendBlock(crc, bytes[..BlockBytes]);
            bytes = bytes[BlockBytes..];
        }

        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte single in bytes)
        {
            crc = BitOperations.Crc32C(crc, single);
        }

        return ~crc;
    }

    private static uint AppendBlock(uint crc, ReadOnlySpan<byte> block)
    {
        uint first = crc;
        uint second = 0;
        uint third = 0;

        // Not by index: a check for each step would take as long as the step.
        ref byte at = ref MemoryMarshal.GetReference(block[..BlockBytes]);
        for (int i = 0; i < PartBytes; i += sizeof(ulong))
        {
            first = BitOperations.Crc32C(first, NumberAt(ref at, i));
            second = BitOperations.Crc32C(second, NumberAt(ref at, i + PartBytes));
            third = BitOperations.Crc32C(third, NumberAt(ref at, i + (2 * PartBytes)));
        }

        return Behind(BehindTwoParts, first) ^ Behind(BehindPart, second) ^ third;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong NumberAt(ref byte first, int offset)
    {
        ulong number = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, offset));
        return BitConverter.IsLittleEndian ? number : BinaryPrimitives.ReverseEndianness(number);
    }

    private static uint Behind(uint[] table, uint crc) =>
        table[(byte)crc]
        ^ table[Bytes + (byte)(crc >> 8)]
        ^ table[(2 * Bytes) + (byte)(crc >> 16)]
        ^ table[(3 * Bytes) + (byte)(crc >> 24)];

    // For each byte of a checksum and each of its values, what becomes of it behind so many zeros.
    private static uint[] TableOf(int zeros)
    {
        uint[] table = new uint[4 * Bytes];
        for (int i = 0; i < table.Length; i++)
        {
            uint crc = (uint)(i % Bytes) << (8 * (i / Bytes));
            for (int zero = 0; zero < zeros; zero += sizeof(ulong))
            {
                crc = BitOperations.Crc32C(crc, 0UL);
            }

            table[i] = crc;
        }

        return table;
    }
}
