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

    /// <summary>Writes the block of a frame.</summary>
    /// <param name="frame">Room for a frame's header, then the block.</param>
    /// <param name="to">Exactly as many bytes as <see cref="BytesOf"/> says.</param>
    public static void Write(ReadOnlySpan<byte> frame, Span<byte> to)
    {
        ReadOnlySpan<byte> block = frame[FrameHeader.Bytes..];
        BinaryPrimitives.WriteInt32LittleEndian(to, block.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], Checksum.Of(block));
        block.CopyTo(to[HeaderBytes..]);
    }

    /// <summary>Bytes that the block of a frame takes in the file.</summary>
    public static int BytesOf(int frameBytes) => frameBytes - FrameHeader.Bytes + HeaderBytes;

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
