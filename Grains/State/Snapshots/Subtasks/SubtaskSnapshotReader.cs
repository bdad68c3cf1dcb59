using Millrace.Execution.Spilling;
using Millrace.Serialization;
using Millrace.State.Snapshots.Restored;

namespace Millrace.State.Snapshots.Subtasks;

/// <summary>Reads what one subtask kept, by key as far as it concerns some key groups
/// (docs/formats/subtask-state.md).</summary>
/// <param name="layers">The state, and behind what it builds on: oldest first.</param>
/// <param name="isWanted">Whether a key group, of a number of them, is to be read.</param>
/// <param name="later">Of each layer, by what its keyed state is read when it is asked for, and none is looked for
/// where no key group is wanted; null where all is read at once.</param>
internal sealed class SubtaskSnapshotReader(
    IReadOnlyList<SnapshotSource> layers,
    Func<int, int, bool> isWanted,
    IReadOnlyList<RestoredBytes>? later = null)
{
    private readonly SubtaskTable?[] _tables = new SubtaskTable?[layers.Count];

    private SnapshotSource Newest => layers[^1];

    /// <summary>Where the bytes are from that are read at present, for errors.</summary>
    public string Place { get; private set; } = layers[^1].Place;

    /// <summary>Where those bytes begin at <see cref="Place"/>.</summary>
    public long Offset { get; private set; }

    /// <summary>Reads it.</summary>
    /// <exception cref="RecordCorruptedException">What is at <see cref="Place"/> is not what was written.</exception>
    public async Task<SubtaskSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> preamble = await TakeAsync(
            Newest, new ByteRange(0, SubtaskSnapshotFormat.PreambleBytes), cancellationToken);
        if (VersionOf(preamble) == SubtaskSnapshotFormat.Sequential)
        {
            return ReadSequential(await TakeAsync(Newest, new ByteRange(0, Newest.Length), cancellationToken));
        }

        Dictionary<string, OperatorSnapshot> operators = [];
        SubtaskTable table = await TableAsync(layers.Count - 1, cancellationToken);
        foreach (StoredOperator stored in table.Operators)
        {
            ReadOnlyMemory<byte> unkeyed = await TakeAsync(
                stored.Unkeyed, $"the state without keys of operator '{stored.Id}'", cancellationToken);
            operators.Add(stored.Id, new OperatorSnapshot(await KeyedAsync(stored, cancellationToken))
            {
                Unkeyed = unkeyed,
                Watermark = stored.Watermark,
                Items = stored.Items,
            });
        }

        return new SubtaskSnapshot(
            operators,
            await InFlightAsync(table.Incoming, "to", cancellationToken),
            await InFlightAsync(table.Outgoing, "from", cancellationToken));
    }

    private static ushort VersionOf(ReadOnlyMemory<byte> preamble)
    {
        RecordReader reader = new(preamble.Span);
        return SubtaskSnapshotFormat.ReadPreamble(ref reader);
    }

    // It has no checksums of its own.
    private SubtaskSnapshot ReadSequential(ReadOnlyMemory<byte> bytes)
    {
        RecordReader reader = new(bytes.Span);
        if (Newest.Checksum is { } expected && Checksum.Of(bytes.Span) is uint found && found != expected)
        {
            reader.ThrowCorrupted(
                $"the checksum of its {bytes.Length} bytes is {found:x8}, and {expected:x8} was written");
        }

        SubtaskSnapshotFormat.ReadPreamble(ref reader);
        return SubtaskSnapshotFormat.ReadSequential(ref reader);
    }

    private async Task<IReadOnlyList<InFlightSection>> InFlightAsync(
        CheckedRange range, string direction, CancellationToken cancellationToken) => range.Bytes.Length == 0
            ? []
            : InFlightFormat.Read((await TakeAsync(
                range, $"what was in flight {direction} the subtask", cancellationToken)).Span);

    private async Task<SubtaskTable> TableAsync(int layer, CancellationToken cancellationToken)
    {
        if (_tables[layer] is { } known)
        {
            return known;
        }

        SnapshotSource source = layers[layer];
        long end = source.Length - TableTrailer.Bytes;
        ReadOnlyMemory<byte> last = await TakeAsync(
            source, new ByteRange(end, TableTrailer.Bytes), cancellationToken);
        TableTrailer trailer = SubtaskSnapshotFormat.ReadTrailer(last.Span, source.Length);
        ReadOnlyMemory<byte> table = await TakeAsync(
            source, new ByteRange(trailer.Offset, end - trailer.Offset), cancellationToken);
        return _tables[layer] = SubtaskSnapshotFormat.ReadTable(table.Span, trailer);
    }

    // From the newest layer back, as long as there are sections of which only changes were found.
    private async Task<KeyedSnapshot> KeyedAsync(StoredOperator newest, CancellationToken cancellationToken)
    {
        if (newest.Keyed.Length == 0)
        {
            return KeyedSnapshot.Empty;
        }

        SnapshotIndex? first = null;
        Dictionary<(SectionKind Names, string Name), List<SectionPlace>> found = [];
        HashSet<(SectionKind Names, string Name)> open = [];
        for (int layer = layers.Count - 1; first is null || open.Count > 0; layer--)
        {
            RequireLayer(layer, newest.Id);
            SubtaskTable table = await TableAsync(layer, cancellationToken);
            StoredOperator? stored = table.Operators.Find(one => one.Id == newest.Id);
            RequireKept(stored);
            SnapshotIndex index = await IndexAsync(layers[layer], stored!.Keyed, cancellationToken);
            if (first is null)
            {
                first = index;
                open = later is not null && !IsAnyWanted(index)
                    ? []
                    : [.. index.Sections.Select(static section => section.Header.Id)];
            }

            foreach (IGrouping<(SectionKind Names, string Name), IndexedSection> sections in
                index.Sections.GroupBy(static section => section.Header.Id).Where(group => open.Contains(group.Key)))
            {
                found.TryAdd(sections.Key, []);
                found[sections.Key].InsertRange(
                    0, sections.Select(section => new SectionPlace(layer, stored.Keyed.Offset, section)));
                if (!sections.First().IsDelta)
                {
                    open.Remove(sections.Key);
                }
            }
        }

        List<StoredSection> all = [];
        foreach (SectionPlace place in found.Values.SelectMany(static places => places))
        {
            all.Add(await ReadAsync(place, first.KeyGroups, cancellationToken));
        }

        return new KeyedSnapshot(first.KeyGroups, first.Range, all);
    }

    private bool IsAnyWanted(SnapshotIndex index)
    {
        for (int group = index.Range.First; group < index.Range.End; group++)
        {
            if (isWanted(group, index.KeyGroups))
            {
                return true;
            }
        }

        return false;
    }

    private void RequireLayer(int layer, string id)
    {
        if (layer < 0)
        {
            new RecordReader(default).ThrowCorrupted(
                $"the state of operator '{id}' holds changes, and what they build upon is not there");
        }
    }

    private static void RequireKept(StoredOperator? stored)
    {
        if (stored is null || stored.Keyed.Length == 0)
        {
            new RecordReader(default).ThrowCorrupted("an operator whose changes build on it kept nothing in it");
        }
    }

    private async Task<SnapshotIndex> IndexAsync(
        SnapshotSource source, ByteRange keyed, CancellationToken cancellationToken)
    {
        if (keyed.Length < KeyedSnapshotFormat.PreambleBytes + TableTrailer.Bytes)
        {
            new RecordReader(default).ThrowCorrupted("a snapshot of keyed state ends before its index");
        }

        CheckPreamble(await TakeAsync(
            source, keyed with { Length = KeyedSnapshotFormat.PreambleBytes }, cancellationToken));
        long end = keyed.Length - TableTrailer.Bytes;
        ReadOnlyMemory<byte> last = await TakeAsync(
            source, new ByteRange(keyed.Offset + end, TableTrailer.Bytes), cancellationToken);
        TableTrailer trailer = KeyedSnapshotFormat.ReadTrailer(last.Span, keyed.Length);
        ReadOnlyMemory<byte> index = await TakeAsync(
            source, new ByteRange(keyed.Offset + trailer.Offset, end - trailer.Offset), cancellationToken);
        return KeyedSnapshotFormat.ReadIndex(index.Span, trailer);
    }

    private static void CheckPreamble(ReadOnlyMemory<byte> preamble)
    {
        RecordReader reader = new(preamble.Span);
        if (KeyedSnapshotFormat.ReadPreamble(ref reader) == KeyedSnapshotFormat.Sequential)
        {
            reader.ThrowCorrupted("a snapshot of keyed state of format version 1 in a state of a later version");
        }
    }

    private async Task<StoredSection> ReadAsync(
        SectionPlace place, int keyGroups, CancellationToken cancellationToken)
    {
        StoredGroups groups = new();
        foreach (IndexedBlock block in place.Section.Blocks)
        {
            List<StoredGroup> target = groups.Of(block.Kind);
            long at = place.Offset + block.Offset;
            for (int i = 0; i < block.Pieces.Count;)
            {
                int end = RunOf(block.Pieces, i, keyGroups, out long length);
                if (end > i)
                {
                    Pieces run = new(block.Pieces, i, end);
                    await ReadAsync(place.Layer, new ByteRange(at, length), run, target, cancellationToken);
                    at += length;
                    i = end;
                    continue;
                }

                at += block.Pieces[i++].Length;
            }
        }

        return groups.ToSection(place.Section.Header, place.Section.IsDelta);
    }

    private int RunOf(IReadOnlyList<Piece> pieces, int first, int keyGroups, out long length)
    {
        length = 0;
        int end = first;
        while (end < pieces.Count && isWanted(pieces[end].KeyGroup, keyGroups))
        {
            length += pieces[end++].Length;
        }

        return end;
    }

    // Pieces that stand side by side are read together: they are no more than a block.
    private async ValueTask ReadAsync(
        int layer, ByteRange range, Pieces pieces, List<StoredGroup> target, CancellationToken cancellationToken)
    {
        SnapshotSource source = layers[layer];
        if (later is not null && !source.IsInMemory)
        {
            long offset = range.Offset;
            foreach (Piece piece in pieces.All())
            {
                target.Add(new StoredGroup(piece, later[layer], offset));
                offset += piece.Length;
            }

            return;
        }

        ReadOnlyMemory<byte> bytes = await TakeAsync(source, range, cancellationToken);
        int at = 0;
        foreach (Piece piece in pieces.All())
        {
            target.Add(piece.Read(bytes.Slice(at, piece.Length)));
            at += piece.Length;
            Offset += piece.Length;
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> TakeAsync(
        CheckedRange range, string what, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> bytes = await TakeAsync(Newest, range.Bytes, cancellationToken);
        uint found = Checksum.Of(bytes.Span);
        if (found != range.Checksum)
        {
            new RecordReader(bytes.Span).ThrowCorrupted(
                $"{what} has the checksum {found:x8}, and {range.Checksum:x8} was written");
        }

        return bytes;
    }

    private ValueTask<ReadOnlyMemory<byte>> TakeAsync(
        SnapshotSource source, ByteRange range, CancellationToken cancellationToken)
    {
        Place = source.Place;
        Offset = range.Offset;
        return source.ReadAsync(range, cancellationToken);
    }

    /// <summary>A section, and where it is.</summary>
    /// <param name="Layer">In which layer.</param>
    /// <param name="Offset">Where the operator's snapshot begins in that.</param>
    /// <param name="Section">Its place in the snapshot.</param>
    private sealed record SectionPlace(int Layer, long Offset, IndexedSection Section);

    /// <summary>Some pieces of a block, from a first one on.</summary>
    private readonly record struct Pieces(IReadOnlyList<Piece> Block, int First, int End)
    {
        public IEnumerable<Piece> All() => Block.Skip(First).Take(End - First);
    }
}
