using System.Runtime.InteropServices;
using Millrace.Batches;
using Millrace.Network.Exchange.Frames;
using Millrace.Serialization;

namespace Millrace.Network.Exchange;

/// <summary>Turns batches into blocks of bytes that fit a frame each, where the records allow it.</summary>
/// <remarks>
/// Records are written in steps whose number follows from the sizes seen so far: with records of one size every block
/// is filled in one call and none has to be put together again on the other side. Belongs to one loop.
/// </remarks>
#pragma warning disable CA1001 // Between two blocks the writer holds nothing.
internal sealed class BatchEncoder<T>(
    TypeSerializer<T> serializer, bool hasTimestamps, int maxRecordBytes, string name, BufferAccount account)
#pragma warning restore CA1001
{
    /// <summary>Where records begin in a frame that begins a block.</summary>
    public const int RecordsStart = FrameHeader.Bytes + BlockHeader.Bytes;

    private readonly RecordWriter _writer = new();
    private double _bytesPerRecord;
    private bool _varies;

    /// <summary>Writes a batch to whoever takes its blocks. The batch is only read.</summary>
    /// <returns>Bytes written.</returns>
    public long Write(RecordBatch<T> batch, IBlockTaker channel)
    {
        long bytes = 0;
        int done = 0;
        do
        {
            NetworkBuffer block = WriteBlock(batch, ref done, out int length);
            bytes += length - FrameHeader.Bytes;
            channel.Add(block, length);
        }
        while (done < batch.Count);
        return bytes;
    }

    private NetworkBuffer WriteBlock(RecordBatch<T> batch, ref int done, out int length)
    {
        int first = done;
        NetworkBuffer? block = NetworkBuffer.Rent(ExpectedBytes(batch.Count - first), account);
        try
        {
            _writer.Attach(block.Bytes, RecordsStart);
            WriteRecords(batch, ref done);
            WriteTimestamps(batch, first, done);
            length = _writer.Position;
            byte[] written = _writer.Detach(out bool isLarger);
            if (isLarger)
            {
                block.Release();
                block = null;
                block = NetworkBuffer.Own(written, account);
            }

            // It holds after the last record of the batch, so not before the last block.
            long watermark = done == batch.Count ? batch.Watermark : RecordBatch.NoWatermark;
            new BlockHeader(length - FrameHeader.Bytes, done - first, watermark)
                .Write(block.Bytes.AsSpan(FrameHeader.Bytes));
            return block;
        }
        catch
        {
            // The writer lets go of the block, and gives back a larger one it went on in.
            _writer.Attach([], 0);
            block?.Release();
            throw;
        }
    }

    private void WriteRecords(RecordBatch<T> batch, ref int done)
    {
        int first = done;
        while (done < batch.Count)
        {
            int fitting = FittingRecords(_writer.Position + ((done - first) * TimestampBytes));
            if (fitting == 0 && done > first)
            {
                return;
            }

            int step = Math.Clamp(fitting, 1, batch.Count - done);
            int before = _writer.Position;
            serializer.WriteBatch(_writer, batch.Records.Slice(done, step));
            int written = _writer.Position - before;
            if (written > maxRecordBytes)
            {
                TakeBack(before, step, written);
                continue;
            }

            done += step;
            Learn((double)written / step);
        }
    }

    // Exact with records of one size; otherwise it follows, faster upwards.
    private void Learn(double average)
    {
        _varies |= _bytesPerRecord > 0 && average != _bytesPerRecord;
        _bytesPerRecord = average >= _bytesPerRecord ? average : ((7 * _bytesPerRecord) + average) / 8;
    }

    // Many records at once were too many; a single one is too large.
    private void TakeBack(int before, int step, int written)
    {
        if (step == 1)
        {
            throw new RecordRefusedException(
                $"'{name}' sends a record of type {typeof(T)} that takes {written} bytes; {maxRecordBytes} are allowed "
                + $"(Millrace:Exchange:{nameof(ExchangeOptions.MaxRecordBytes)}).");
        }

        _writer.Position = before;
        _bytesPerRecord = maxRecordBytes;
    }

    private void WriteTimestamps(RecordBatch<T> batch, int first, int end)
    {
        if (!hasTimestamps)
        {
            return;
        }

        Span<byte> room = _writer.Reserve((end - first) * TimestampBytes);
        if (batch.Timestamps is long[] timestamps)
        {
            MemoryMarshal.AsBytes(timestamps.AsSpan(first, end - first)).CopyTo(room);
            return;
        }

        MemoryMarshal.Cast<byte, long>(room).Fill(RecordBatch.NoTimestamp);
    }

    private int TimestampBytes => hasTimestamps ? sizeof(long) : 0;

    private int FittingRecords(int used)
    {
        if (_bytesPerRecord == 0)
        {
            // Nothing is known yet: one record shows it.
            return 1;
        }

        int room = FrameHeader.MaxFrameBytes - used;
        if (_varies)
        {
            // Larger records than those before must still fit; a block that is nearly full is full.
            room = room > FrameHeader.MaxFrameBytes / 4 ? room - (room / 8) : 0;
        }

        return Math.Max(0, (int)(room / (_bytesPerRecord + TimestampBytes)));
    }

    private int ExpectedBytes(int records)
    {
        double bytes = RecordsStart + (records * (_bytesPerRecord + TimestampBytes) * 1.1);
        return (int)Math.Clamp(bytes, 256, FrameHeader.MaxFrameBytes);
    }
}
