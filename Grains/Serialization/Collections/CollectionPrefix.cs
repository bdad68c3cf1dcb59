namespace Millrace.Serialization.Collections;

/// <summary>How every collection begins: its number of elements plus one, or 0 for null.</summary>
internal static class CollectionPrefix
{
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
