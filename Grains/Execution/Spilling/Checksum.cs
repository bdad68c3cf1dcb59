using System.Buffers.Binary;
using System.Numerics;

namespace Millrace.Execution.Spilling;

/// <summary>CRC-32C of bytes, as processors compute it.</summary>
internal static class Checksum
{
    public static uint Of(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>The checksum of bytes and those that follow them.</summary>
    /// <param name="checksum">Of the bytes so far; 0 of none.</param>
    /// <param name="bytes">Those that follow.</param>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        uint crc = ~checksum;
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
}
