using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Millrace.Batches;
using Millrace.Network.Exchange.Frames;
using Millrace.Network.InFlight;
using Millrace.Serialization;

namespace Millrace.Network.Exchange;

/// <summary>Turns blocks of bytes back into batches. Belongs to the consumer's loop.</summary>
/// <remarks>Records whose bytes are those they have in memory stay where they were read, unless whoever takes the
/// batches writes to them: a batch then holds its block.</remarks>
/// <param name="serializer">Reads the records.</param>
/// <param name="pool">Where batches come from.</param>
/// <param name="writable">Whether whoever takes batches may write to them.</param>
internal sealed class BatchDecoder<T>(TypeSerializer<T> serializer, BatchPool<T> pool, bool writable = false)
{
    // The processor reads numbers wherever they begin; not every processor does.
    private static readonly bool ReadsAnywhere = BitConverter.IsLittleEndian
        && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    private readonly bool _hasTimestamps = (pool.Layout & BatchLayout.Timestamps) != 0;
    private readonly bool _stays = !writable && ReadsAnywhere && serializer is IBlockSerializer;

    private IncomingItem _block;
    private BlockHeader _header;
    private int _position;
    private int _done;

    /// <summary>Whether a block is being read.</summary>
    public bool IsReading => _block.Buffer is not null;

    /// <summary>Bytes of the block that is being read, or was last.</summary>
    public int BlockBytes => _block.Length;

    private int TimestampsStart => _block.Length - (_hasTimestamps ? _header.Count * sizeof(long) : 0);

    /// <summary>Begins a block; the reference moves.</summary>
    /// <exception cref="RecordCorruptedException">It is none.</exception>
    public void Begin(IncomingItem block)
    {
        _block = block;
        _header = BlockHeader.Read(block.Bytes);
        _position = BlockHeader.Bytes;
        _done = 0;
        int least = serializer.MinBytes + (_hasTimestamps ? sizeof(long) : 0);
        if ((long)_header.Count * least > block.Length - BlockHeader.Bytes)
        {
            throw new RecordCorruptedException(
                $"{_header.Count} records of at least {least} bytes announced in {block.Length} bytes.");
        }
    }

    /// <summary>The next batch of the block. With the last one the block is given back, and is no longer
    /// read.</summary>
    /// <exception cref="RecordCorruptedException">The bytes are not what a producer of this job writes.</exception>
    public RecordBatch<T> Read()
    {
        RecordBatch<T> batch = pool.Rent();
        try
        {
            int count = Math.Min(_header.Count - _done, batch.Capacity);

            RecordReader reader = new(_block.Bytes[_position..TimestampsStart]);
            if (_stays && count > 0)
            {
                reader.Skip(count * Unsafe.SizeOf<T>());
                _block.Buffer!.Retain();
                batch.Hold(_block.Buffer, _block.Offset + _position, count);
            }
            else
            {
                // Counted first: should reading fail, what was read is cleared with the batch.
                batch.Count = count;
                serializer.ReadBatch(ref reader, batch.Values.AsSpan(0, count));
            }

            ReadTimestamps(batch);
            _position += reader.Position;
            _done += count;
            if (_done == _header.Count)
            {
                reader.ExpectEnd();
                batch.Watermark = _header.Watermark;
                Drop();
            }

            return batch;
        }
        catch
        {
            batch.Release();
            throw;
        }
    }

    /// <summary>Records what is left of the block that is being read, if one is.</summary>
    public void Record(InFlightRecords into)
    {
        if (_block.Buffer is NetworkBuffer buffer)
        {
            into.Add(buffer, _block.Offset, _block.Length, new BlockPlace(_position, _done, TimestampsStart));
        }
    }

    /// <summary>Gives back the block that is being read, if one is.</summary>
    public void Drop()
    {
        _block.Release();
        _block = _block with { Buffer = null };
    }

    private void ReadTimestamps(RecordBatch<T> batch)
    {
        if (batch.Timestamps is long[] timestamps)
        {
            ReadOnlySpan<long> all = MemoryMarshal.Cast<byte, long>(_block.Bytes[TimestampsStart..]);
            all.Slice(_done, batch.Count).CopyTo(timestamps);
        }
    }
}
