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
    private readonly long _start = output.Position;

    /// <summary>Before anything else.</summary>
    public void Begin() => KeyedSnapshotFormat.WritePreamble(output.Writer);

    /// <summary>Appends a section.</summary>
    /// <returns>The position of the output, behind each block.</returns>
    public IEnumerable<long> Write(FrozenSection section)
    {
        List<IndexedBlock> blocks = [];
        _sections.Add(new IndexedSection(section.Header, section.IsDelta, blocks));
        Turn(BlockKind.Removed, blocks);
        foreach (int _ in section.WriteRemoved(_entries))
        {
            if (_entries.IsFull)
            {
                EndBlock(blocks);
                yield return output.Position;
            }
        }

        Turn(BlockKind.Entries, blocks);
        foreach (int _ in section.Write(_entries))
        {
            if (_entries.IsFull)
            {
                EndBlock(blocks);
                yield return output.Position;
            }
        }

        Turn(BlockKind.Entries, blocks);
        yield return output.Position;
    }

    /// <summary>Appends what was restored and nobody asked for, as it came.</summary>
    /// <returns>The position of the output, behind each block, and before what is not read yet.</returns>
    public IEnumerable<long> Write(StoredSection section)
    {
        List<IndexedBlock> blocks = [];
        _sections.Add(new IndexedSection(section.Header, section.IsDelta, blocks));
        foreach (long position in Write(section.Removed, BlockKind.Removed, blocks)
            .Concat(Write(section.Groups, BlockKind.Entries, blocks))
            .Concat(Write(section.More, BlockKind.More, blocks)))
        {
            yield return position;
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
    public void Dispose() => _entries.Dispose();

    // Ends a block that is begun: what comes is of a kind.
    private void Turn(BlockKind kind, List<IndexedBlock> blocks)
    {
        _entries.Turn(kind);
        EndBlock(blocks);
    }

    private void EndBlock(List<IndexedBlock> blocks)
    {
        List<Piece> pieces = [];
        long offset = output.Position - _start;
        BlockKind kind = _entries.Kind;
        _entries.MoveTo(output.Writer, pieces);
        if (pieces.Count > 0)
        {
            blocks.Add(new IndexedBlock(kind, offset, pieces));
        }
    }

    // Key groups grow within a block: where they do not, as where one block ended that was read, another one begins.
    private IEnumerable<long> Write(IReadOnlyList<StoredGroup> groups, BlockKind kind, List<IndexedBlock> blocks)
    {
        using GroupFeed feed = new(groups);
        for (int next = 0; next < groups.Count;)
        {
            List<Piece> pieces = [];
            long offset = output.Position - _start;
            int last = -1;
            while (next < groups.Count
                && groups[next].KeyGroup > last
                && output.Position - _start < offset + BlockBytes)
            {
                output.Reading = feed.Reading;
                if (output.Reading is not null)
                {
                    yield return output.Position;
                    output.Reading = null;
                }

                last = groups[next].KeyGroup;
                pieces.Add(WriteNext(feed, groups[next++]));
            }

            blocks.Add(new IndexedBlock(kind, offset, pieces));
            yield return output.Position;
        }
    }

    private Piece WriteNext(GroupFeed feed, in StoredGroup group)
    {
        ReadOnlySpan<byte> bytes = feed.Next();
        output.Writer.WriteRaw(bytes);
        group.Keep(bytes);
        return Piece.Of(group.KeyGroup, group.Entries, bytes);
    }
}
