using System.Buffers;
using Millrace.Execution.Spilling;
using Millrace.Network.Exchange;
using Millrace.Network.Exchange.Frames;

namespace Millrace.Network.Blocking;

/// <summary>Gathers the blocks of one partition and writes them to its file when memory is short. Belongs to the
/// producer's loop, but for the writing.</summary>
/// <remarks>While one load is being written the next one is gathered; when both are full, the producer waits.</remarks>
internal sealed class PartitionWriter(Partition partition, PartitionStore store, Producer producer, int targets)
    : IBlockTaker
{
    private const int ChunkBytes = 256 << 10;
    private const int LeastSpillBytes = 64 << 10;

    private List<GatheredBlock> _gathered = [];
    private long _gatheredBytes;
    private SpillFile? _file;
    private int _target;
    private int _ended;
    private int _released;
    private bool _allGathered;

    // Between the loop and whoever writes to the file.
    private readonly Lock _lock = new();
    private bool _writing;
    private bool _complete;
    private bool _gone;

    /// <summary>Whether another batch may be added; if not, the loop is woken when it may.</summary>
    public bool HasRoom => !Volatile.Read(ref _writing) || _gatheredBytes < store.WriteBytes;

    /// <summary>Whether everything is where consumers find it. Asked until it is: what is still to be written then
    /// goes on.</summary>
    public bool IsComplete
    {
        get
        {
            if (!Volatile.Read(ref _complete) && _allGathered)
            {
                WriteIfDue();
            }

            return Volatile.Read(ref _complete);
        }
    }

    /// <summary>Bytes that are gathered.</summary>
    public long GatheredBytes => Volatile.Read(ref _gatheredBytes);

    /// <summary>The target that the next blocks are for.</summary>
    public void TurnTo(int target) => _target = target;

    /// <summary>Takes a block for the target at hand.</summary>
    public void Add(NetworkBuffer buffer, int length)
    {
        store.CountMemory(buffer.Bytes.Length);
        _gathered.Add(new GatheredBlock(_target, buffer, length));
        _gatheredBytes += buffer.Bytes.Length;
        WriteIfDue();
    }

    /// <summary>One target has all it gets. With the last one the partition is completed.</summary>
    public void End()
    {
        if (++_ended == targets)
        {
            _allGathered = true;
            WriteIfDue();
        }
    }

    /// <summary>The producer has gone, for one target. What is not complete then is removed.</summary>
    public void Release()
    {
        if (++_released < targets || Volatile.Read(ref _complete))
        {
            return;
        }

        store.Release(partition.Id);
        lock (_lock)
        {
            _gone = true;
            if (_writing)
            {
                return;
            }
        }

        Drop();
    }

    private void WriteIfDue()
    {
        if (Volatile.Read(ref _writing))
        {
            return;
        }

        bool isShort = store.IsOverMemory
            && (_allGathered || _gatheredBytes >= Math.Min(LeastSpillBytes, store.WriteBytes));
        if (_gatheredBytes > 0 && (isShort || (!_allGathered && _gatheredBytes >= store.WriteBytes)))
        {
            Volatile.Write(ref _writing, true);
            List<GatheredBlock> load = _gathered;
            _gathered = [];
            _gatheredBytes = 0;
            bool isLast = _allGathered;
            _ = store.Execution.RunAsync(() => WriteAsync(load, isLast));
            return;
        }

        if (_allGathered)
        {
            KeepInMemory();
            Finish();
        }
    }

    private void KeepInMemory()
    {
        foreach (GatheredBlock block in _gathered)
        {
            partition.Add(block.Target, new PartitionPiece(block.Buffer, 0, block.Length));
        }

        _gathered = [];
        _gatheredBytes = 0;
    }

    private void Finish()
    {
        partition.Complete();
        Volatile.Write(ref _complete, true);
        producer.Wake();
    }

    // Off the loop. Whatever goes wrong is the producer's failure.
    private async Task WriteAsync(List<GatheredBlock> load, bool isLast)
    {
        try
        {
            await WriteLoadAsync(load);
            if (isLast)
            {
                Finish();
            }
        }
#pragma warning disable CA1031
        catch (Exception exception)
#pragma warning restore CA1031
        {
            producer.Fail(exception);
        }
        finally
        {
            Drop(load);
            EndWrite();
            producer.Wake();
        }
    }

    private void EndWrite()
    {
        lock (_lock)
        {
            Volatile.Write(ref _writing, false);
            if (!_gone)
            {
                return;
            }
        }

        Drop();
    }

    // The blocks of a target stand together, so that its consumer reads large pieces.
    private async Task WriteLoadAsync(List<GatheredBlock> load)
    {
        if (_file is null)
        {
            _file = store.Space.Create();
            partition.Attach(_file);
        }

        long begin = _file.Length;
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            int used = 0;
            int target = -1;
            long pieceBegin = begin;
            List<(int Target, long Offset, long Length)> pieces = [];
            foreach (GatheredBlock block in load.OrderBy(static block => block.Target))
            {
                long at = _file.Length + used;
                if (block.Target != target)
                {
                    Note(pieces, target, pieceBegin, at);
                    (target, pieceBegin) = (block.Target, at);
                }

                int bytes = SpilledBlock.BytesOf(block.Length);
                if (used + bytes > chunk.Length)
                {
                    await _file.AppendAsync(chunk.AsMemory(0, used));
                    used = 0;
                    chunk = Larger(chunk, bytes);
                }

                SpilledBlock.Write(block.Buffer.Bytes.AsSpan(0, block.Length), chunk.AsSpan(used, bytes));
                used += bytes;
            }

            await _file.AppendAsync(chunk.AsMemory(0, used));
            Note(pieces, target, pieceBegin, _file.Length);
            pieces.ForEach(piece => partition.Add(piece.Target, new PartitionPiece(null, piece.Offset, piece.Length)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private static void Note(List<(int Target, long Offset, long Length)> pieces, int target, long begin, long end)
    {
        if (target >= 0)
        {
            pieces.Add((target, begin, end - begin));
        }
    }

    private static byte[] Larger(byte[] chunk, int bytes)
    {
        if (bytes <= chunk.Length)
        {
            return chunk;
        }

        ArrayPool<byte>.Shared.Return(chunk);
        return ArrayPool<byte>.Shared.Rent(bytes);
    }

    private void Drop()
    {
        Drop(_gathered);
        _gathered = [];
        _gatheredBytes = 0;
    }

    private void Drop(List<GatheredBlock> blocks)
    {
        foreach (GatheredBlock block in blocks)
        {
            store.CountMemory(-block.Buffer.Bytes.Length);
            block.Buffer.Release();
        }
    }

    private readonly record struct GatheredBlock(int Target, NetworkBuffer Buffer, int Length);
}
