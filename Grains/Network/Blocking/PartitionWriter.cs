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
    // What is read at once later on, and what is written at once.
    private const int PieceBytes = 256 << 10;
    private const int WriteBytes = 1 << 20;
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

        // Where blocks go to the file they are sealed while they are near: who writes has the longer way already.
        bool goesToFile = Volatile.Read(ref _file) is not null;
        if (goesToFile)
        {
            SpilledBlock.Seal(buffer.Bytes, length);
        }

        _gathered.Add(new GatheredBlock(_target, buffer, length, goesToFile));
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

    // The blocks of a target stand together, so that its consumer reads large pieces. They are written where they are.
    private async Task WriteLoadAsync(List<GatheredBlock> load)
    {
        if (_file is null)
        {
            Volatile.Write(ref _file, store.Space.Create());
            partition.Attach(_file!);
        }

        List<(int Target, PartitionPiece Piece)> pieces = [];
        List<ReadOnlyMemory<byte>> parts = [];
        int target = -1;
        long pieceBegin = _file.Length;
        long at = pieceBegin;
        foreach (GatheredBlock block in load.OrderBy(static block => block.Target))
        {
            ReadOnlyMemory<byte> part = block.IsSealed
                ? SpilledBlock.Of(block.Buffer.Bytes, block.Length)
                : SpilledBlock.Seal(block.Buffer.Bytes, block.Length);
            if (block.Target != target || at + part.Length - pieceBegin > PieceBytes)
            {
                Note(pieces, target, pieceBegin, at);
                (target, pieceBegin) = (block.Target, at);
            }

            if (at + part.Length - _file.Length > WriteBytes && parts.Count > 0)
            {
                await _file.AppendAsync(parts);
                parts.Clear();
            }

            parts.Add(part);
            at += part.Length;
        }

        await _file.AppendAsync(parts);
        Note(pieces, target, pieceBegin, at);
        pieces.ForEach(piece => partition.Add(piece.Target, piece.Piece));
    }

    private static void Note(List<(int Target, PartitionPiece Piece)> pieces, int target, long begin, long end)
    {
        if (end > begin)
        {
            pieces.Add((target, new PartitionPiece(null, begin, end - begin)));
        }
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

    private readonly record struct GatheredBlock(int Target, NetworkBuffer Buffer, int Length, bool IsSealed);
}
