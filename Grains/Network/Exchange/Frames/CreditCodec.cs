using System.Buffers.Binary;

namespace Millrace.Network.Exchange.Frames;

/// <summary>Credit in bytes: how many more bytes may come.</summary>
internal static class CreditCodec
{
    public const int Bytes = 4;

    public static void Write(int credit, Span<byte> to) => BinaryPrimitives.WriteInt32LittleEndian(to, credit);

    /// <exception cref="ExchangeProtocolException">It is none.</exception>
    public static int Read(ReadOnlySpan<byte> from)
    {
        if (from.Length != Bytes || BinaryPrimitives.ReadInt32LittleEndian(from) is not (> 0 and int credit))
        {
            throw new ExchangeProtocolException($"credit of {Convert.ToHexString(from)}");
        }

        return credit;
    }
}
