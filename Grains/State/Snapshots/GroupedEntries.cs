using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>Entries on their way into a snapshot, put in order by their key groups. Used by one thread at a
/// time.</summary>
/// <param name="settings">Of the operator.</param>
internal sealed class GroupedEntries(KeyedStateSettings settings) : IDisposable
{
    // Room that is kept for the next block. Entries that come group by group would have a whole block in each of them.
    private const int KeptBytes = 4 * KeyedSnapshotWriter.BlockBytes;

    private readonly RecordWriter?[] _writers = new RecordWriter?[settings.Range.Count];
    private readonly int[] _entries = new int[settings.Range.Count];
    private RecordWriter? _open;
    private int _openAt;
    private long _closed;
    private BlockKind _next = BlockKind.Entries;

    /// <summary>What they are.</summary>
    public BlockKind Kind { get; private set; } = BlockKind.Entries;

    /// <summary>Bytes of all entries.</summary>
    public long Length => _closed + (_open is null ? 0 : _open.Length - _openAt);

    /// <summary>Whether they are enough for a block, or what comes belongs into another one: whoever writes is to say
    /// so before the next entry.</summary>
    public bool IsFull => Length >= KeyedSnapshotWriter.BlockBytes || _next != Kind;

    /// <summary>What comes next is of a kind: with the next block, unless these are of that kind.</summary>
    public void Turn(BlockKind kind) => _next = kind;

    /// <summary>Begins an entry; the one before is at its end.</summary>
    /// <param name="hash">The hash of its key.</param>
    /// <returns>What it is to be written to.</returns>
    /// <exception cref="InvalidOperationException">Its key group does not belong to the subtask.</exception>
    public RecordWriter Begin(ulong hash)
    {
        int group = KeyGroupAssignment.KeyGroupOf(hash, settings.KeyGroups) - settings.Range.First;
        if ((uint)group >= (uint)_writers.Length)
        {
            throw new InvalidOperationException(
                $"Operator '{settings.OperatorName}' holds an entry in key group {group + settings.Range.First}, " +
                $"which does not belong to {settings.Range}.");
        }

        _entries[group]++;
        return OpenAt(group);
    }

    /// <summary>Begins entries of a key group of the subtask; those before are at their end.</summary>
    /// <returns>What they are to be written to.</returns>
    public RecordWriter Open(int keyGroup) => OpenAt(keyGroup - settings.Range.First);

    /// <summary>So many entries were written to what was opened for a key group.</summary>
    public void Add(int keyGroup, int entries) => _entries[keyGroup - settings.Range.First] += entries;

    /// <summary>Appends the entries of each group to an output, group by group, and forgets them.</summary>
    /// <param name="output">Takes the bytes.</param>
    /// <param name="pieces">Gets a piece for each group that has entries.</param>
    public void MoveTo(RecordWriter output, List<Piece> pieces)
    {
        long kept = 0;
        for (int group = 0; group < _writers.Length; group++)
        {
            if (_writers[group] is not { } writer || _entries[group] == 0)
            {
                continue;
            }

            pieces.Add(Piece.Of(group + settings.Range.First, _entries[group], writer.WrittenSpan));
            output.WriteRaw(writer.WrittenSpan);
            writer.Reset();
            _entries[group] = 0;
            kept += writer.Buffer.Length;
            if (kept > KeptBytes)
            {
                writer.Dispose();
            }
        }

        _open = null;
        _openAt = 0;
        _closed = 0;
        Kind = _next;
    }

    private RecordWriter OpenAt(int group)
    {
        _closed = Length;
        _open = _writers[group] ??= new RecordWriter();
        _openAt = _open.Length;
        return _open;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (RecordWriter? writer in _writers)
        {
            writer?.Dispose();
        }
    }
}
