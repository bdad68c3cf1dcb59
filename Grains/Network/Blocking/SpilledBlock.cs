using System.Buffers.Binary;
using Millrace.Execution.Spilling;
using Millrace.Network.Exchange.Frames;

namespace Millrace.Network.Blocking;

/// <summary>A block in a spill file: its length, the checksum of the rest, the block. The page
/// docs/formats/spill-files.md describes it.</summary>
internal static class SpilledBlock
{
    /// <summary>What stands before a block.</summary>
    public const int HeaderBytes = 8;

    /// <summary>Makes a frame what stands in the file: its own header is not needed there, and makes room.</summary>
    /// <param name="frame">A block that begins it, with room for a frame's header.</param>
    /// <param name="length">Bytes of the frame.</param>
    /// <returns>The part of it to write.</returns>
    public static ReadOnlyMemory<byte> Seal(byte[] frame, int length)
    {
        Memory<byte> sealedBlock = Of(frame, length);
        Span<byte> bytes = sealedBlock.Span;
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length - HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Checksum.Of(bytes[HeaderBytes..]));
        return sealedBlock;
    }

    /// <summary>What stands in the file, of a frame that was made that.</summary>
    public static Memory<byte> Of(byte[] frame, int length) => frame.AsMemory(
        FrameHeader.Bytes - HeaderBytes, length - FrameHeader.Bytes + HeaderBytes);

    /// <summary>Bytes of the block that begins here, with its header; -1 when no block begins so.</summary>
    public static int LengthAt(ReadOnlySpan<byte> from)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(from);
        return length is < BlockHeader.Bytes or > int.MaxValue - HeaderBytes ? -1 : length + HeaderBytes;
    }

    /// <summary>Whether a whole block is what was written.</summary>
    public static bool IsSound(ReadOnlySpan<byte> block) =>
        BinaryPrimitives.ReadUInt32LittleEndian(block[4..]) == Checksum.Of(block[HeaderBytes..]);
}
