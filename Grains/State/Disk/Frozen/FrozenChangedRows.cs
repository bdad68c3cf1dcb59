using Millrace.Serialization;
using Millrace.State.Disk.Changes;
using Millrace.State.Disk.Rocks;
using Millrace.State.Snapshots;

namespace Millrace.State.Disk.Frozen;

/// <summary>What has changed in a state on the disk between two cuts.</summary>
/// <remarks>Rows that were written tell which entries are concerned, and the rows at the later cut what has become of
/// them. An entry may be told several times, and is the same each time.</remarks>
/// <param name="state">The state.</param>
/// <param name="rows">The rows at the later cut; whoever has this holds them.</param>
/// <param name="changes">Which rows were written between the two; held in the same way.</param>
internal sealed class FrozenChangedRows(
    DiskState state, DiskDatabase.DiskSnapshot rows, IReadOnlyList<ChangedRows> changes)
    : FrozenSection(state.Header)
{
    private const int EntriesAtOnce = 256;

    public override bool IsDelta => true;

    // One that has come again stands among the entries too, which come later.
    public override IEnumerable<int> WriteRemoved(GroupedEntries to)
    {
        int count = 0;
        foreach (ReadOnlyMemory<byte> entry in Entries(static isRemoved => isRemoved))
        {
            if (state is IOneRowState || !Exists(entry.Span))
            {
                Open(entry.Span, to).WriteRaw(DiskState.EntryOf(entry.Span));
            }

            if (++count % EntriesAtOnce == 0 || to.IsFull)
            {
                yield return count;
            }
        }
    }

    public override IEnumerable<int> Write(GroupedEntries to) =>
        state is IOneRowState oneRow ? WriteRows(oneRow, to) : WriteEntries(to);

    public override void Dispose()
    {
        // Rows and changes belong to whoever has this.
    }

    private static RecordWriter Open(ReadOnlySpan<byte> entry, GroupedEntries to)
    {
        int keyGroup = RowCursor.KeyGroupOf(entry);
        RecordWriter writer = to.Open(keyGroup);
        to.Add(keyGroup, 1);
        return writer;
    }

    private IEnumerable<ReadOnlyMemory<byte>> Entries(Func<bool, bool> isWanted)
    {
        using RowBundle bundle = new();
        foreach (ChangedRows stretch in changes)
        {
            for (long at = 0; at < stretch.Length;)
            {
                at = bundle.Load(stretch, at);
                foreach (ReadOnlyMemory<byte> entry in bundle.EntriesOf(state, isWanted))
                {
                    yield return entry;
                }
            }
        }
    }

    private bool Exists(ReadOnlySpan<byte> entry)
    {
        using RocksScan scan = rows.Scan(entry, entry);
        return scan.IsValid;
    }

    // A row stays until its last part is written: each time it is looked up, all of it is put together.
    private IEnumerable<int> WriteRows(IOneRowState oneRow, GroupedEntries to)
    {
        int count = 0;
        foreach (ReadOnlyMemory<byte> entry in Entries(static isRemoved => !isRemoved))
        {
            using (DiskDatabase.SnapshotRow? row = rows.Find(entry.Span))
            {
                EntryRest? rest = row is null ? null : oneRow.WriteRow(entry.Span, row.Value, Open(entry.Span, to));
                while (rest is not null)
                {
                    to.Turn(BlockKind.More);
                    yield return count;
                    while (rest is not null && !to.IsFull)
                    {
                        rest = oneRow.WriteMore(rest, row!.Value, Open(entry.Span, to));
                    }
                }
            }

            to.Turn(BlockKind.Entries);
            if (++count % EntriesAtOnce == 0 || to.IsFull)
            {
                yield return count;
            }
        }
    }

    private IEnumerable<int> WriteEntries(GroupedEntries to)
    {
        using RecordWriter room = new();
        int count = 0;
        foreach (ReadOnlyMemory<byte> entry in Entries(static _ => true))
        {
            EntryRest? rest = WriteFirst(entry.Span, to, room);
            while (rest is not null)
            {
                to.Turn(BlockKind.More);
                yield return count;
                rest = WriteMore(rest, entry.Span, to, room);
            }

            to.Turn(BlockKind.Entries);
            if (++count % EntriesAtOnce == 0 || to.IsFull)
            {
                yield return count;
            }
        }
    }

    private EntryRest? WriteFirst(ReadOnlySpan<byte> entry, GroupedEntries to, RecordWriter room)
    {
        using RocksScan scan = rows.Scan(entry, entry);
        return scan.IsValid ? state.WriteEntry(scan, Open(entry, to), room) : null;
    }

    private EntryRest? WriteMore(EntryRest? rest, ReadOnlySpan<byte> entry, GroupedEntries to, RecordWriter room)
    {
        using RocksScan scan = rows.Scan(entry, rest!.Row);
        while (rest is not null && !to.IsFull)
        {
            rest = state.WriteMore(rest, scan, Open(entry, to), room);
        }

        return rest;
    }
}
