using System.Buffers.Binary;

namespace Millrace.Network.Exchange.Frames;

/// <summary>What a block of records begins with: a block is a batch, or a part of it, in bytes.</summary>
/// <remarks>
/// Records follow in the format of their serializer, then a timestamp of 8 bytes for each when the edge has timestamps.
/// A block that is longer than a frame goes on in the next frames.
/// </remarks>
/// <param name="Length">Bytes of the block, with this header.</param>
/// <param name="Count">Number of records.</param>
/// <param name="Watermark">The watermark that holds after them.</param>
internal readonly record struct BlockHeader(int Length, int Count, long Watermark)
{
    public const int Bytes = 16;

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, Length);
        BinaryPrimitives.WriteInt32LittleEndian(to[4..], Count);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], Watermark);
    }

    /// <exception cref="ExchangeProtocolException">It is none.</exception>
    public static BlockHeader Read(ReadOnlySpan<byte> from)
    {
        if (from.Length < Bytes)
        {
            throw new ExchangeProtocolException($"a block begins with {from.Length} bytes, {Bytes} needed");
        }

        BlockHeader header = new(
            BinaryPrimitives.ReadInt32LittleEndian(from),
            BinaryPrimitives.ReadInt32LittleEndian(from[4..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[8..]));
        if (header.Length < Bytes || header.Count < 0)
        {
            throw new ExchangeProtocolException($"a block of {header.Length} bytes and {header.Count} records");
        }

        return header;
    }
}
