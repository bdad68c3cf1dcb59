using System.Buffers.Binary;

namespace Millrace.Network.Exchange.Frames;

/// <summary>What each frame begins with.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Flags">More about it.</param>
/// <param name="Channel">Number of the channel on its connection; 0 for the connection itself.</param>
/// <param name="Length">Bytes that follow.</param>
internal readonly record struct FrameHeader(FrameType Type, FrameFlags Flags, uint Channel, int Length)
{
    /// <summary>Bytes of a header: length, type, flags, two that are zero, channel.</summary>
    public const int Bytes = 12;

    /// <summary>Largest frame with its header: channels of one connection take turns frame by frame.</summary>
    public const int MaxFrameBytes = 64 << 10;

    /// <summary>Most bytes that follow a header.</summary>
    public const int MaxLength = MaxFrameBytes - Bytes;

    /// <summary>Writes a header to the beginning of <paramref name="to"/>.</summary>
    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, Length);
        to[4] = (byte)Type;
        to[5] = (byte)Flags;
        to[6] = to[7] = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(to[8..], Channel);
    }

    /// <summary>Reads a header.</summary>
    /// <param name="from">At least <see cref="Bytes"/> bytes.</param>
    /// <param name="maxLength">Most bytes that may follow.</param>
    /// <exception cref="ExchangeProtocolException">It is none.</exception>
    public static FrameHeader Read(ReadOnlySpan<byte> from, int maxLength = MaxLength)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(from);
        var type = (FrameType)from[4];
        if ((uint)length > (uint)maxLength)
        {
            throw new ExchangeProtocolException($"a frame of {(uint)length} bytes, {maxLength} allowed");
        }

        if (type is < FrameType.Open or > FrameType.Refused || from[6] != 0 || from[7] != 0)
        {
            throw new ExchangeProtocolException($"no frame begins with {Convert.ToHexString(from[..Bytes])}");
        }

        return new FrameHeader(type, (FrameFlags)from[5], BinaryPrimitives.ReadUInt32LittleEndian(from[8..]), length);
    }
}

/// <summary>What a frame is. The producer's silo opens the connection.</summary>
internal enum FrameType : byte
{
    /// <summary>Producer's silo: a channel begins. Content: <see cref="ChannelIdCodec"/>.</summary>
    Open = 1,

    /// <summary>Producer's silo: records, or a part of them. Content: <see cref="BlockHeader"/>, records.</summary>
    Data = 2,

    /// <summary>Producer's silo: a control element. Content: <see cref="ControlCodec"/>.</summary>
    Control = 3,

    /// <summary>Consumer's silo: so many more bytes of data may come. The first one accepts the channel.</summary>
    Credit = 4,

    /// <summary>Either: the channel ends here. Content: why, when it was refused.</summary>
    Close = 5,

    /// <summary>Either: nothing to say, but alive.</summary>
    Heartbeat = 6,

    /// <summary>Either: the connection ends here. Content: why.</summary>
    Error = 7,

    /// <summary>Handshake, first, by the silo that connects.</summary>
    Hello = 8,

    /// <summary>Handshake, second: the silo that listens says who it is and proves that it knows the secret.</summary>
    Challenge = 9,

    /// <summary>Handshake, third: the silo that connects proves it too.</summary>
    Proof = 10,

    /// <summary>Handshake, last.</summary>
    Welcome = 11,

    /// <summary>Handshake, by either, any time: no. Content: why.</summary>
    Refused = 12,
}

/// <summary>More about a frame of data.</summary>
[Flags]
internal enum FrameFlags : byte
{
    None = 0,

    /// <summary>A block begins here, with its <see cref="BlockHeader"/>.</summary>
    First = 1,

    /// <summary>The block ends here.</summary>
    Last = 2,
}
