using System.Buffers.Binary;
using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Network.Exchange.Frames;

/// <summary>A channel's id in bytes: the edge, then producer and consumer as job, vertex, subtask and
/// attempt.</summary>
internal static class ChannelIdCodec
{
    public const int Bytes = 4 + (2 * AttemptBytes);

    private const int AttemptBytes = 40;

    public static void Write(ChannelId id, Span<byte> to)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, id.Edge);
        Write(id.Producer, to[4..]);
        Write(id.Consumer, to[(4 + AttemptBytes)..]);
    }

    /// <exception cref="ExchangeProtocolException">It is none.</exception>
    public static ChannelId Read(ReadOnlySpan<byte> from)
    {
        if (from.Length != Bytes)
        {
            throw new ExchangeProtocolException($"a channel id of {from.Length} bytes, {Bytes} needed");
        }

        return new ChannelId(
            BinaryPrimitives.ReadInt32LittleEndian(from),
            ReadAttempt(from[4..]),
            ReadAttempt(from[(4 + AttemptBytes)..]));
    }

    private static void Write(ExecutionAttemptId attempt, Span<byte> to)
    {
        Write(attempt.Job.Value, to);
        Write(attempt.Vertex.Value, to[16..]);
        BinaryPrimitives.WriteInt32LittleEndian(to[32..], attempt.Subtask);
        BinaryPrimitives.WriteInt32LittleEndian(to[36..], attempt.Attempt);
    }

    private static ExecutionAttemptId ReadAttempt(ReadOnlySpan<byte> from) => new(
        new JobId(ReadId(from)),
        new VertexId(ReadId(from[16..])),
        BinaryPrimitives.ReadInt32LittleEndian(from[32..]),
        BinaryPrimitives.ReadInt32LittleEndian(from[36..]));

    private static void Write(Id128 id, Span<byte> to)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(to, id.High);
        BinaryPrimitives.WriteUInt64LittleEndian(to[8..], id.Low);
    }

    private static Id128 ReadId(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(from), BinaryPrimitives.ReadUInt64LittleEndian(from[8..]));
}
