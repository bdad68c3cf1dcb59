using System.Buffers.Binary;
using System.Text;
using Millrace.Batches;
using Millrace.Checkpointing;

namespace Millrace.Network.Exchange.Frames;

/// <summary>Control elements in bytes: a kind, then two numbers; of a savepoint's barrier also what becomes of the job,
/// and the folder in UTF-8.</summary>
internal static class ControlCodec
{
    /// <summary>Of all but a savepoint's barrier.</summary>
    public const int Bytes = 17;

    private const int SavepointBytes = Bytes + 1;

    private const byte EndOfDataKind = 1;
    private const byte BarrierKind = 2;
    private const byte ActiveKind = 3;
    private const byte IdleKind = 4;
    private const byte SavepointKindByte = 5;
    private const long Never = -1;
    private const long MaxPatience = 24 * 60 * 60 * 1_000;

    /// <summary>Bytes that an element takes.</summary>
    public static int LengthOf(StreamElement control) => control is CheckpointBarrier { Savepoint: { } savepoint }
        ? SavepointBytes + Encoding.UTF8.GetByteCount(savepoint.Folder)
        : Bytes;

    /// <summary>Writes one.</summary>
    /// <param name="control">The element.</param>
    /// <param name="to">Room for <see cref="LengthOf"/> bytes.</param>
    /// <param name="time">The clock that a barrier goes by.</param>
    public static void Write(StreamElement control, Span<byte> to, TimeProvider time)
    {
        (byte kind, long number, long patience) = control switch
        {
            EndOfData => (EndOfDataKind, 0L, 0L),
            CheckpointBarrier barrier => (
                barrier.Savepoint is null ? BarrierKind : SavepointKindByte,
                barrier.Checkpoint,
                PatienceOf(barrier, time)),
            WatermarkStatus status => (status == WatermarkStatus.Idle ? IdleKind : ActiveKind, 0L, 0L),
            _ => throw new NotSupportedException($"{control.GetType().Name} does not travel between silos."),
        };
        to[0] = kind;
        BinaryPrimitives.WriteInt64LittleEndian(to[1..], number);
        BinaryPrimitives.WriteInt64LittleEndian(to[9..], patience);
        if (control is CheckpointBarrier { Savepoint: { } savepoint })
        {
            to[Bytes] = (byte)savepoint.Kind;
            Encoding.UTF8.GetBytes(savepoint.Folder, to[SavepointBytes..]);
        }
    }

    /// <summary>Reads one.</summary>
    /// <param name="from">Its bytes.</param>
    /// <param name="time">The clock that a barrier is to go by.</param>
    /// <exception cref="ExchangeProtocolException">It is none.</exception>
    public static StreamElement Read(ReadOnlySpan<byte> from, TimeProvider time)
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
            BarrierKind => new CheckpointBarrier(
                BinaryPrimitives.ReadInt64LittleEndian(from[1..]),
                overtakesAt: OvertakesAt(BinaryPrimitives.ReadInt64LittleEndian(from[9..]), time)),
            ActiveKind => WatermarkStatus.Active,
            IdleKind => WatermarkStatus.Idle,
            _ => throw new ExchangeProtocolException($"a control element of unknown kind {from[0]}"),
        };
    }

    // Clocks of two silos need not agree: what is left goes along, in milliseconds.
    private static long PatienceOf(CheckpointBarrier barrier, TimeProvider time) =>
        barrier.OvertakesAt == CheckpointBarrier.Never
            ? Never
            : Math.Max(0, (long)time.GetElapsedTime(time.GetTimestamp(), barrier.OvertakesAt).TotalMilliseconds);

    private static long OvertakesAt(long patience, TimeProvider time)
    {
        if (patience < Never || patience > MaxPatience)
        {
            throw new ExchangeProtocolException(
                $"a barrier that waits {patience} ms before it overtakes, {Never} to {MaxPatience} allowed");
        }

        return patience == Never
            ? CheckpointBarrier.Never
            : time.GetTimestamp() + (long)(patience / 1e3 * time.TimestampFrequency);
    }
}
