using System.Buffers.Binary;
using System.Text;
using Millrace.Batches;
using Millrace.Checkpointing;

namespace Millrace.Network.Exchange.Frames;

/// <summary>Control elements in bytes: a kind, then a number; of a savepoint's barrier also what becomes of the job,
/// and the folder in UTF-8.</summary>
internal static class ControlCodec
{
    /// <summary>Of all but a savepoint's barrier.</summary>
    public const int Bytes = 9;

    private const int SavepointBytes = Bytes + 1;

    private const byte EndOfDataKind = 1;
    private const byte BarrierKind = 2;
    private const byte ActiveKind = 3;
    private const byte IdleKind = 4;
    private const byte SavepointKindByte = 5;

    /// <summary>Bytes that an element takes.</summary>
    public static int LengthOf(StreamElement control) => control is CheckpointBarrier { Savepoint: { } savepoint }
        ? SavepointBytes + Encoding.UTF8.GetByteCount(savepoint.Folder)
        : Bytes;

    public static void Write(StreamElement control, Span<byte> to)
    {
        (byte kind, long number) = control switch
        {
            EndOfData => (EndOfDataKind, 0L),
            CheckpointBarrier barrier => (
                barrier.Savepoint is null ? BarrierKind : SavepointKindByte, barrier.Checkpoint),
            WatermarkStatus status => (status == WatermarkStatus.Idle ? IdleKind : ActiveKind, 0L),
            _ => throw new NotSupportedException($"{control.GetType().Name} does not travel between silos."),
        };
        to[0] = kind;
        BinaryPrimitives.WriteInt64LittleEndian(to[1..], number);
        if (control is CheckpointBarrier { Savepoint: { } savepoint })
        {
            to[Bytes] = (byte)savepoint.Kind;
            Encoding.UTF8.GetBytes(savepoint.Folder, to[SavepointBytes..]);
        }
    }

    /// <exception cref="ExchangeProtocolException">It is none.</exception>
    public static StreamElement Read(ReadOnlySpan<byte> from)
    {
        if (from.Length > SavepointBytes && from.Length <= SavepointBytes + SavepointOrder.MaxFolderBytes
            && from[0] == SavepointKindByte && from[Bytes] <= (byte)SavepointKind.Drain)
        {
            return new CheckpointBarrier(
                BinaryPrimitives.ReadInt64LittleEndian(from[1..]),
                new SavepointOrder(Encoding.UTF8.GetString(from[SavepointBytes..]), (SavepointKind)from[Bytes]));
        }

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
