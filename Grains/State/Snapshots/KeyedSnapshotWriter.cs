using Millrace.State.Snapshots.Restored;

namespace Millrace.State.Snapshots;

/// <summary>Writes the keyed state of one operator in one subtask (docs/formats/keyed-state.md), holding some megabytes
/// of it at a time.</summary>
/// <param name="settings">Whose state it is.</param>
/// <param name="output">Takes the bytes.</param>
internal sealed class KeyedSnapshotWriter(KeyedStateSettings settings, SnapshotOutput output) : IDisposable
{
    /// <summary>Bytes of a block, about.</summary>
    public const int BlockBytes = 4 << 20;

    private readonly GroupedEntries _entries = new(settings);
    private readonly List<IndexedSection> _sections = [];
    private readonly GroupRoom _room = new();
    private readonly long _start = output.Position;

    /// <summary>Before anything else.</summary>
    public void Begin() => KeyedSnapshotFormat.WritePreamble(output.Writer);

    /// <summary>Appends a section.</summary>
    /// <returns>The position of the output, behind each block.</returns>
    public IEnumerable<long> Write(FrozenSection section)
    {
        List<IndexedBlock> blocks = [];
        _sections.Add(new IndexedSection(section.Header, section.IsDelta, blocks));
        foreach (int _ in section.WriteRemoved(_entries))
        {
            if (_entries.IsFull)
            {
                blocks.Add(EndBlock(areRemoved: true));
                yield return output.Position;
            }
        }

        if (_entries.Length > 0)
        {
            blocks.Add(EndBlock(areRemoved: true));
        }

        foreach (int _ in section.Write(_entries))
        {
            if (_entries.IsFull)
            {
                blocks.Add(EndBlock(areRemoved: false));
                yield return output.Position;
            }
        }

        if (_entries.Length > 0)
        {
            blocks.Add(EndBlock(areRemoved: false));
        }

        yield return output.Position;
    }

    /// <summary>Appends what was restored and nobody asked for, as it came.</summary>
    /// <returns>The position of the output, behind each block.</returns>
    public IEnumerable<long> Write(StoredSection section)
    {
        List<IndexedBlock> blocks = [];
        _sections.Add(new IndexedSection(section.Header, section.IsDelta, blocks));
        for (int first = 0; first < section.Removed.Count;)
        {
            first = WriteBlock(section.Removed, first, areRemoved: true, blocks);
            yield return output.Position;
        }

        for (int first = 0; first < section.Groups.Count;)
        {
            first = WriteBlock(section.Groups, first, areRemoved: false, blocks);
            yield return output.Position;
        }
    }

    /// <summary>Says that a section is as it was in the checkpoint that is built upon.</summary>
    public void WriteUnchanged(SectionHeader header) => _sections.Add(new IndexedSection(header, IsDelta: true, []));

    /// <summary>Behind everything else.</summary>
    public void End() => KeyedSnapshotFormat.WriteIndex(
        output.Writer,
        new SnapshotIndex(settings.KeyGroups, settings.Range, _sections),
        output.Position - _start);

    /// <inheritdoc/>
    public void Dispose()
    {
        _entries.Dispose();
        _room.Dispose();
    }

    private IndexedBlock EndBlock(bool areRemoved)
    {
        List<Piece> pieces = [];
        long offset = output.Position - _start;
        _entries.MoveTo(output.Writer, pieces);
        return new IndexedBlock(areRemoved, offset, pieces);
    }

    // Key groups grow within a block: where they do not, as where one block ended that was read, another one begins.
    private int WriteBlock(IReadOnlyList<StoredGroup> groups, int first, bool areRemoved, List<IndexedBlock> blocks)
    {
        List<Piece> pieces = [];
        long offset = output.Position - _start;
        int last = -1;
        int next = first;
        for (; next < groups.Count && groups[next].KeyGroup > last && output.Position - _start < offset + BlockBytes;
            next++)
        {
            StoredGroup group = groups[next];
            last = group.KeyGroup;
            ReadOnlySpan<byte> bytes = group.Read(_room);
            pieces.Add(Piece.Of(group.KeyGroup, group.Entries, bytes));
            output.Writer.WriteRaw(bytes);
            group.Keep(bytes);
        }

        blocks.Add(new IndexedBlock(areRemoved, offset, pieces));
        return next;
    }
}
