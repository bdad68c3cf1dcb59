using System.Buffers.Binary;
using Millrace.Batches;

namespace Millrace.Network.Exchange.Frames;

/// <summary>Control elements in bytes: a kind, then a number.</summary>
internal static class ControlCodec
{
    public const int Bytes = 9;

    private const byte EndOfDataKind = 1;
    private const byte BarrierKind = 2;
    private const byte ActiveKind = 3;
    private const byte IdleKind = 4;

    public static void Write(StreamElement control, Span<byte> to)
    {
        (byte kind, long number) = control switch
        {
            EndOfData => (EndOfDataKind, 0L),
            CheckpointBarrier barrier => (BarrierKind, barrier.Checkpoint),
            WatermarkStatus status => (status == WatermarkStatus.Idle ? IdleKind : ActiveKind, 0L),
            _ => throw new NotSupportedException($"{control.GetType().Name} does not travel between silos."),
        };
        to[0] = kind;
        BinaryPrimitives.WriteInt64LittleEndian(to[1..], number);
    }

    /// <exception cref="ExchangeProtocolException">It is none.</exception>
    public static StreamElement Read(ReadOnlySpan<byte> from)
    {
        if (from.Length != Bytes)
        {
            throw new ExchangeProtocolException($"a control element of {from.Length} bytes, {Bytes} needed");
        }

        return from[0] switch
        {
            EndOfDataKind => EndOfData.Instance,
            BarrierKind => new CheckpointBarrier(BinaryPrimitives.ReadInt64LittleEndian(from[1..])),
            ActiveKind => WatermarkStatus.Active,
            IdleKind => WatermarkStatus.Idle,
            _ => throw new ExchangeProtocolException($"a control element of unknown kind {from[0]}"),
        };
    }
}
