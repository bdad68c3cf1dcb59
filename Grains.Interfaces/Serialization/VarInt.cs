using System.Runtime.CompilerServices;

namespace Millrace.Serialization;

/// <summary>
/// Numbers in as few bytes as they need: seven bits a byte, low bits first, the highest bit says "more".
/// </summary>
internal static class VarInt
{
    public const int MaxBytes32 = 5;
    public const int MaxBytes64 = 10;

    public static int BytesOf(uint value) => value switch
    {
        < 1u << 7 => 1,
        < 1u << 14 => 2,
        < 1u << 21 => 3,
        < 1u << 28 => 4,
        _ => 5,
    };

    /// <returns>How many bytes were written; the caller has made room for them.</returns>
    public static int Write(ref byte destination, ulong value)
    {
        int count = 0;
        while (value >= 0x80)
        {
            Unsafe.Add(ref destination, count++) = (byte)(value | 0x80);
            value >>= 7;
        }

        Unsafe.Add(ref destination, count++) = (byte)value;
        return count;
    }

    /// <returns>How many bytes were read; 0 when the bytes end too early, -1 when the number has over 64
    /// bits.</returns>
    public static int Read(ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int i = 0; i < bytes.Length && i < MaxBytes64; i++)
        {
            ulong seven = bytes[i] & 0x7Fu;
            if (i == MaxBytes64 - 1 && bytes[i] > 1)
            {
                return -1;
            }

            value |= seven << (7 * i);
            if (bytes[i] < 0x80)
            {
                return i + 1;
            }
        }

        return bytes.Length >= MaxBytes64 ? -1 : 0;
    }
}
