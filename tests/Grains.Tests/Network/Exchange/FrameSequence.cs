using System.Buffers.Binary;
using Millrace.Network.Exchange.Frames;

namespace Millrace.Network.Exchange;

/// <summary>What a silo sends after the handshake, frame by frame.</summary>
/// <param name="Frames">Each with its header.</param>
/// <param name="Records">How many they carry.</param>
internal sealed record FrameSequence(IReadOnlyList<byte[]> Frames, int Records)
{
    private const int EndOfDataKind = 1;
    private const int BarrierKind = 2;

    // Below the credit that a channel has from the beginning.
    private const int Blocks = 8;

    /// <summary>Opens a channel of 8-byte records and sends blocks, in one frame or two, and control elements, up to
    /// the end of the data.</summary>
    public static FrameSequence Valid(Random random, ChannelId id, bool timestamps)
    {
        List<byte[]> frames = [Open(id)];
        int records = 0;
        for (int block = random.Next(Blocks); block >= 0; block--)
        {
            int count = random.Next(200);
            records += count;
            byte[] content = Block(BlockHeader.Bytes + (count * (timestamps ? 16 : 8)), count);
            int cut = random.Next(2) == 0 ? content.Length : BlockHeader.Bytes + random.Next(count * 8);
            FrameFlags last = cut == content.Length ? FrameFlags.Last : FrameFlags.None;
            frames.Add(Frame(FrameType.Data, FrameFlags.First | last, 1, content[..cut]));
            if (last == FrameFlags.None)
            {
                frames.Add(Frame(FrameType.Heartbeat, FrameFlags.None, 0, []));
                frames.Add(Frame(FrameType.Data, FrameFlags.Last, 1, content[cut..]));
            }

            if (random.Next(3) == 0)
            {
                frames.Add(Control(BarrierKind, block));
            }
        }

        frames.Add(Control(EndOfDataKind, 0));
        return new FrameSequence(frames, records);
    }

    /// <summary>What a consumer's silo sends to a channel that was opened: credit, many times, and in the end perhaps
    /// that it reads no more.</summary>
    public static FrameSequence Answers(Random random)
    {
        List<byte[]> frames = [];
        for (int answers = random.Next(1, 10); answers > 0; answers--)
        {
            frames.Add(random.Next(4) == 0
                ? Frame(FrameType.Heartbeat, FrameFlags.None, 0, [])
                : Credit(1, random.Next(1, 1 << 20)));
        }

        if (random.Next(2) == 0)
        {
            frames.Add(Frame(FrameType.Close, FrameFlags.None, 1, Reason.ToBytes("it has gone")));
        }

        return new FrameSequence(frames, 0);
    }

    public static byte[] Credit(uint channel, int bytes)
    {
        byte[] content = new byte[CreditCodec.Bytes];
        BinaryPrimitives.WriteInt32LittleEndian(content, bytes);
        return Frame(FrameType.Credit, FrameFlags.None, channel, content);
    }

    public static byte[] Block(int length, int count)
    {
        byte[] block = new byte[length];
        new BlockHeader(length, count, 0).Write(block);
        return block;
    }

    public static byte[] Open(ChannelId id)
    {
        byte[] content = new byte[ChannelIdCodec.Bytes];
        ChannelIdCodec.Write(id, content);
        return Frame(FrameType.Open, FrameFlags.None, 1, content);
    }

    public static byte[] Frame(FrameType type, FrameFlags flags, uint channel, byte[] content)
    {
        byte[] frame = new byte[FrameHeader.Bytes + content.Length];
        new FrameHeader(type, flags, channel, content.Length).Write(frame);
        content.CopyTo(frame, FrameHeader.Bytes);
        return frame;
    }

    private static byte[] Control(byte kind, long number)
    {
        byte[] content = new byte[ControlCodec.Bytes];
        content[0] = kind;
        BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(1), number);
        return Frame(FrameType.Control, FrameFlags.None, 1, content);
    }
}
