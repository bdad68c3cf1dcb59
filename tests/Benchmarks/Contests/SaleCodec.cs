using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Millrace.Contests;

/// <summary>
/// The bytes of a <see cref="Sale"/> as one writes them by hand: spans, the framework's UTF-8, lengths before texts,
/// null kept apart from empty, and nothing read that is not there.
/// </summary>
internal static class SaleCodec
{
    private const int NumberBytes = 4 * sizeof(long);
    private const int LengthBytes = sizeof(ushort);
    private const int MaxBytesPerChar = 3;
    private const int KindShift = 62;
    private const long TicksMask = (1L << KindShift) - 1;

    /// <summary>Writes records one after the other to a rented block, which is replaced when it is too small.</summary>
    /// <returns>How many bytes were written.</returns>
    public static int WriteMany(ref byte[] block, ReadOnlySpan<Sale> records)
    {
        int position = 0;
        foreach (Sale record in records)
        {
            int room = NumberBytes + (3 * LengthBytes) + (MaxBytesPerChar
                * (Chars(record.Channel) + Chars(record.Url) + Chars(record.Name)));
            if (room > block.Length - position)
            {
                Grow(ref block, position, room);
            }

            position += Write(block.AsSpan(position), record);
        }

        return position;
    }

    /// <summary>Reads as many records as there is room for.</summary>
    /// <returns>How many bytes were read.</returns>
    public static int ReadMany(ReadOnlySpan<byte> bytes, Span<Sale> records)
    {
        int position = 0;
        for (int i = 0; i < records.Length; i++)
        {
            records[i] = Read(bytes, ref position);
        }

        return position;
    }

    private static int Write(Span<byte> destination, Sale record)
    {
        Span<byte> numbers = destination[..NumberBytes];
        BinaryPrimitives.WriteInt64LittleEndian(numbers, record.Id);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[8..], record.Customer);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[16..], record.Price);
        BinaryPrimitives.WriteInt64LittleEndian(
            numbers[24..], record.At.Ticks | ((long)record.At.Kind << KindShift));
        int position = NumberBytes;
        position += WriteText(destination[position..], record.Channel);
        position += WriteText(destination[position..], record.Url);
        position += WriteText(destination[position..], record.Name);
        return position;
    }

    private static Sale Read(ReadOnlySpan<byte> bytes, ref int position)
    {
        ReadOnlySpan<byte> numbers = bytes.Slice(position, NumberBytes);
        position += NumberBytes;
        long at = BinaryPrimitives.ReadInt64LittleEndian(numbers[24..]);
        return new Sale(
            BinaryPrimitives.ReadInt64LittleEndian(numbers),
            BinaryPrimitives.ReadInt64LittleEndian(numbers[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(numbers[16..]),
            ReadText(bytes, ref position)!,
            ReadText(bytes, ref position)!,
            new DateTime(at & TicksMask, (DateTimeKind)(at >>> KindShift)),
            ReadText(bytes, ref position)!);
    }

    private static int WriteText(Span<byte> destination, string? text)
    {
        if (text is null)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(destination, 0);
            return LengthBytes;
        }

        int bytes = Encoding.UTF8.GetBytes(text, destination[LengthBytes..]);
        BinaryPrimitives.WriteUInt16LittleEndian(destination, checked((ushort)(bytes + 1)));
        return LengthBytes + bytes;
    }

    private static string? ReadText(ReadOnlySpan<byte> bytes, ref int position)
    {
        int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes[position..]) - 1;
        position += LengthBytes;
        if (length < 0)
        {
            return null;
        }

        string text = Encoding.UTF8.GetString(bytes.Slice(position, length));
        position += length;
        return text;
    }

    private static int Chars(string? text) => text is null ? 0 : text.Length;

    private static void Grow(ref byte[] block, int used, int room)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(used + room, 2 * block.Length));
        block.AsSpan(0, used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(block);
        block = larger;
    }
}
