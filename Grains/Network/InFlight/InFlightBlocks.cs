using Millrace.Batches;
using Millrace.Network.Exchange;
using Millrace.Network.Exchange.Frames;
using Millrace.Serialization;

namespace Millrace.Network.InFlight;

/// <summary>Reads what <see cref="InFlightRecords"/> wrote.</summary>
internal static class InFlightBlocks
{
    private static readonly BufferAccount Buffers = new();

    /// <summary>The batches of a block, in order; the last one has the watermark. Whoever takes one holds it.</summary>
    /// <exception cref="RecordCorruptedException">The bytes are no block of such records.</exception>
    public static IEnumerable<RecordBatch<T>> Read<T>(
        byte[] block, TypeSerializer<T> serializer, BatchPool<T> pool)
    {
        NetworkBuffer buffer = NetworkBuffer.Rent(block.Length, Buffers);
        block.CopyTo(buffer.Bytes, 0);
        var decoder = new BatchDecoder<T>(serializer, pool, writable: true);
        try
        {
            decoder.Begin(new IncomingItem(buffer, 0, block.Length, null));
            while (decoder.IsReading)
            {
                yield return decoder.Read();
            }
        }
        finally
        {
            decoder.Drop();
        }
    }
}
