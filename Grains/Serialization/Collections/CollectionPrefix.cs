using System.Runtime.CompilerServices;

namespace Millrace.Serialization.Collections;

/// <summary>How every collection begins: its number of elements plus one, or 0 for null.</summary>
internal static class CollectionPrefix
{
    // What is allocated on the word of a count alone. Small, since collections inside each other may all promise what
    // is left, each anew; what has been read justifies as much again.
    private const int BytesOnTrust = 2_048;
    private const int HashedOnTrust = 64;

    /// <summary>How many elements to make room for before the first is read.</summary>
    /// <typeparam name="T">An element.</typeparam>
    /// <param name="count">How many are announced; as many times <paramref name="minBytes"/> bytes are there.</param>
    /// <param name="minBytes">Fewest bytes of one.</param>
    public static int FirstRoom<T>(int count, int minBytes) =>
        Unsafe.SizeOf<T>() <= 2 * minBytes
            ? count
            : Math.Min(count, Math.Max(BytesOnTrust / Unsafe.SizeOf<T>(), 1));

    /// <summary>How many elements or keys to make room for in a hash table.</summary>
    public static int FirstRoom(int count) => Math.Min(count, HashedOnTrust);

    public static void Write(RecordWriter writer, int? count) =>
        writer.WriteVarUInt32(count is null ? 0 : (uint)count.Value + 1);

    /// <returns>The number of elements, as many as the bytes that are left can hold; -1 for null.</returns>
    public static int Read(ref RecordReader reader, int minBytes)
    {
        ulong prefix = reader.ReadVarUInt64();
        if (prefix == 0)
        {
            return -1;
        }

        ulong count = prefix - 1;
        if (count > (ulong)(reader.Remaining / Math.Max(minBytes, 1)))
        {
            reader.ThrowCorrupted(
                $"{count} elements of at least {minBytes} bytes announced, {reader.Remaining} bytes left");
        }

        return (int)count;
    }
}
