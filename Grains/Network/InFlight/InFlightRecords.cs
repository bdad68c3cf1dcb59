using System.Runtime.InteropServices;
using Millrace.Batches;
using Millrace.Network.Exchange.Frames;
using Millrace.Serialization;

namespace Millrace.Network.InFlight;

/// <summary>Records on one way into an operator at the cut of a checkpoint, held by reference until they are written as
/// blocks of the exchange.</summary>
/// <remarks>Filled by the loop at the cut; written and disposed by whoever stores them, once, off the loop. What is
/// held is only read.</remarks>
internal abstract class InFlightRecords : IDisposable
{
    private readonly List<Piece> _pieces = [];

    /// <summary>Whether nothing was in flight.</summary>
    public bool IsEmpty => _pieces.Count == 0;

    /// <summary>Whether the part of a channel that belongs to a checkpoint ends with an element: with its barrier, with
    /// a later one or with the end of data.</summary>
    public static bool IsEnd(StreamElement? element, long checkpoint) =>
        element is EndOfData || (element is CheckpointBarrier barrier && barrier.Checkpoint >= checkpoint);

    /// <summary>Adds what is left of a batch, behind what was added before. The caller keeps its reference.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="first">Its first record that is left; its count when none is.</param>
    /// <param name="watermark">What holds behind it here, or <see cref="RecordBatch.NoWatermark"/>.</param>
    public void Add(RecordBatch batch, int first, long watermark)
    {
        if (first == batch.Count)
        {
            AddWatermark(watermark);
            return;
        }

        batch.Retain();
        _pieces.Add(new Piece(batch, null, first, batch.Count - first, Kept(watermark), default));
    }

    /// <summary>Adds a watermark behind what was added before.</summary>
    public void AddWatermark(long watermark)
    {
        if (Kept(watermark) != RecordBatch.NoWatermark)
        {
            _pieces.Add(new Piece(null, null, 0, 0, watermark, default));
        }
    }

    /// <summary>Adds a block behind what was added before. The caller keeps its reference.</summary>
    /// <param name="buffer">Where it stands.</param>
    /// <param name="offset">Where it begins there.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="place">How far it has been read; the default for one that was not begun.</param>
    public void Add(NetworkBuffer buffer, int offset, int length, BlockPlace place = default)
    {
        buffer.Retain();
        _pieces.Add(new Piece(null, buffer, offset, length, RecordBatch.NoWatermark, place));
    }

    /// <summary>Number of blocks that all of it makes.</summary>
    public int Blocks => _pieces.Count;

    /// <summary>Number of records.</summary>
    public long Records => _pieces.Sum(static piece => piece switch
    {
        { Buffer: { } buffer } =>
            (long)BlockHeader.Read(buffer.Bytes.AsSpan(piece.First, piece.Length)).Count - piece.Place.Done,
        { Batch: not null } => piece.Length,
        _ => 0,
    });

    /// <summary>All as blocks, in order; each holds until the next one is taken.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> ToBlocks()
    {
        using RecordWriter writer = new();
        foreach (Piece piece in _pieces)
        {
            writer.Reset();
            if (piece.Buffer is NetworkBuffer buffer)
            {
                WriteBlock(writer, buffer.Bytes.AsSpan(piece.First, piece.Length), piece.Place);
            }
            else
            {
                writer.Reserve(BlockHeader.Bytes);
                if (piece.Batch is RecordBatch batch)
                {
                    WriteRecords(writer, batch, piece.First, piece.Length);
                }

                WriteHeader(writer, piece.Length, piece.Watermark);
            }

            yield return writer.WrittenMemory;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Piece piece in _pieces)
        {
            piece.Batch?.Release();
            piece.Buffer?.Release();
        }

        _pieces.Clear();
    }

    /// <summary>Writes records of a batch, and their timestamps where the edge has some.</summary>
    protected abstract void WriteRecords(RecordWriter writer, RecordBatch batch, int first, int count);

    // What begins behind the end of all time is for the end of data to say: its producer may have to run again.
    private static long Kept(long watermark) => watermark == long.MaxValue ? RecordBatch.NoWatermark : watermark;

    private static void WriteHeader(RecordWriter writer, int count, long watermark)
    {
        int length = writer.Position;
        new BlockHeader(length, count, watermark).Write(writer.Buffer);
    }

    private static void WriteBlock(RecordWriter writer, ReadOnlySpan<byte> block, BlockPlace place)
    {
        BlockHeader header = BlockHeader.Read(block);
        writer.Reserve(BlockHeader.Bytes);
        if (place.Done == 0)
        {
            writer.WriteRaw(block[BlockHeader.Bytes..]);
        }
        else
        {
            writer.WriteRaw(block[place.Position..place.TimestampsStart]);
            ReadOnlySpan<byte> timestamps = block[place.TimestampsStart..];
            writer.WriteRaw(timestamps.IsEmpty ? timestamps : timestamps[(place.Done * sizeof(long))..]);
        }

        WriteHeader(writer, header.Count - place.Done, Kept(header.Watermark));
    }

    /// <summary>A part of a batch, a block, or a watermark alone.</summary>
    /// <param name="Batch">The batch, or null.</param>
    /// <param name="Buffer">Where the block stands, or null.</param>
    /// <param name="First">First record, or where the block begins.</param>
    /// <param name="Length">Records, or bytes of the block.</param>
    /// <param name="Watermark">What holds behind a batch; a block has it itself.</param>
    /// <param name="Place">How far the block has been read.</param>
    private readonly record struct Piece(
        RecordBatch? Batch, NetworkBuffer? Buffer, int First, int Length, long Watermark, BlockPlace Place);
}

/// <summary>Records in flight with their type.</summary>
internal sealed class InFlightRecords<T>(TypeSerializer<T> serializer, bool hasTimestamps) : InFlightRecords
{
    /// <inheritdoc/>
    protected override void WriteRecords(RecordWriter writer, RecordBatch batch, int first, int count)
    {
        var records = (RecordBatch<T>)batch;
        serializer.WriteBatch(writer, records.Records.Slice(first, count));
        if (!hasTimestamps)
        {
            return;
        }

        Span<byte> room = writer.Reserve(count * sizeof(long));
        if (records.Timestamps is long[] timestamps)
        {
            MemoryMarshal.AsBytes(timestamps.AsSpan(first, count)).CopyTo(room);
            return;
        }

        MemoryMarshal.Cast<byte, long>(room).Fill(RecordBatch.NoTimestamp);
    }
}
