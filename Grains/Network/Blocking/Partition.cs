using Millrace.Execution.Spilling;
using Millrace.Jobs;
using Millrace.Network.Exchange.Frames;
using Millrace.Tasks;

namespace Millrace.Network.Blocking;

/// <summary>What one attempt has written along one edge, by the subtask it is for: pieces in memory and in one file.
/// Thread-safe.</summary>
/// <param name="id">Which one.</param>
/// <param name="epoch">Of the job that had it written.</param>
/// <param name="first">The first consuming subtask it has something for.</param>
/// <param name="consumers">Number of those.</param>
/// <param name="isShared">Whether all of them read the same.</param>
internal sealed class Partition(PartitionId id, JobEpoch epoch, int first, int consumers, bool isShared)
{
    private readonly Lock _lock = new();
    private readonly List<PartitionPiece>[] _pieces =
        [.. Enumerable.Range(0, isShared ? 1 : consumers).Select(static _ => new List<PartitionPiece>())];

    private readonly HashSet<ExecutionAttemptId> _sent = [];
    private SpillFile? _file;
    private int _readers;
    private bool _complete;
    private bool _released;

    public PartitionId Id { get; } = id;

    public JobEpoch Epoch { get; } = epoch;

    /// <summary>Told, once, when nothing of it is left.</summary>
    public Action<long>? MemoryFreed { get; init; }

    /// <summary>Gives up its file when nobody reads that any more; the caller may be a loop or a grain, which a large
    /// file would keep from its work.</summary>
    public required Action<SpillFile> FreeFile { get; init; }

    /// <summary>Whether a subtask of the consumer is one of those it has something for.</summary>
    public bool IsFor(int subtask) => subtask >= first && subtask < first + consumers;

    /// <summary>Adds a piece behind those of the same target; when it was released meanwhile, the piece goes at
    /// once.</summary>
    /// <param name="target">Zero-based index among the targets.</param>
    /// <param name="piece">Its reference moves.</param>
    public void Add(int target, PartitionPiece piece)
    {
        lock (_lock)
        {
            if (!_released)
            {
                _pieces[target].Add(piece);
                return;
            }
        }

        Free(piece);
    }

    /// <summary>Gives it the file that pieces are in.</summary>
    public void Attach(SpillFile file)
    {
        lock (_lock)
        {
            if (!_released)
            {
                _file = file;
                return;
            }
        }

        FreeFile(file);
    }

    /// <summary>Everything is there: from now on it may be read.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _complete = true;
        }
    }

    /// <summary>Begins to read what is there for a subtask.</summary>
    /// <param name="consumer">The attempt that reads.</param>
    /// <param name="chunkBytes">About how much is read from the file at a time.</param>
    /// <param name="store">Where it stands.</param>
    /// <exception cref="PartitionLostException">It is not complete, or it was removed.</exception>
    public PartitionCursor Open(ExecutionAttemptId consumer, int chunkBytes, PartitionStore store)
    {
        lock (_lock)
        {
            if (!_complete || _released)
            {
                throw new PartitionLostException(Id, _complete ? "it was removed" : "it is not complete");
            }

            _readers++;
            List<PartitionPiece> pieces = _pieces[isShared ? 0 : consumer.Subtask - first];
            return new PartitionCursor(this, [.. pieces], _file, chunkBytes, store);
        }
    }

    /// <summary>Notes that it is being sent to a consumer on another silo.</summary>
    /// <returns>False when it is already.</returns>
    public bool TrySend(ExecutionAttemptId consumer)
    {
        lock (_lock)
        {
            return _sent.Add(consumer);
        }
    }

    /// <summary>Nobody will begin to read it any more; who reads at present may go on.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _released = true;
        }

        FreeIfUnused();
    }

    /// <summary>A reader has gone.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            _readers--;
        }

        FreeIfUnused();
    }

    private void FreeIfUnused()
    {
        List<PartitionPiece> pieces = [];
        SpillFile? file;
        lock (_lock)
        {
            if (!_released || _readers > 0)
            {
                return;
            }

            file = _file;
            _file = null;
            foreach (List<PartitionPiece> target in _pieces)
            {
                pieces.AddRange(target);
                target.Clear();
            }
        }

        if (file is not null)
        {
            FreeFile(file);
        }

        pieces.ForEach(Free);
    }

    private void Free(PartitionPiece piece)
    {
        if (piece.Block is NetworkBuffer block)
        {
            MemoryFreed?.Invoke(block.Bytes.Length);
            block.Release();
        }
    }
}

/// <summary>A part of what is there for one target: a block in memory, or many in the file.</summary>
/// <param name="Block">A frame as channels send it: room for its header, then the block; or null.</param>
/// <param name="Offset">Where its blocks begin in the file.</param>
/// <param name="Length">Bytes of the frame, or of all its blocks in the file.</param>
internal readonly record struct PartitionPiece(NetworkBuffer? Block, long Offset, long Length);
