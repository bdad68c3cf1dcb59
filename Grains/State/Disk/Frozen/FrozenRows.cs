using Millrace.Serialization;
using Millrace.State.Disk.Rocks;
using Millrace.State.Snapshots;

namespace Millrace.State.Disk.Frozen;

/// <summary>A state on the disk as it was at a cut: all of it.</summary>
/// <param name="state">The state.</param>
/// <param name="rows">The rows at the cut; whoever has this holds them.</param>
/// <param name="settings">Say which key groups there are.</param>
internal sealed class FrozenRows(DiskState state, DiskDatabase.DiskSnapshot rows, KeyedStateSettings settings)
    : FrozenSection(state.Header)
{
    // A scan holds on to files and write buffers: none is open while a block that is full goes on its way, which may
    // take long. But a list is one row, and to come to it again is to have the database put all of it together again:
    // the scan that stands at it stays until its last part is written.
    public override IEnumerable<int> Write(GroupedEntries to)
    {
        using RecordWriter room = new();
        byte[] prefix = new byte[RowCursor.PrefixBytes];
        RocksScan? scan = null;
        long bytes = 0;
        try
        {
            for (int keyGroup = settings.Range.First; keyGroup < settings.Range.End; keyGroup++)
            {
                RowCursor.WritePrefix(prefix, keyGroup, state.Number);
                EntryRest? rest = null;
                for (byte[]? next = prefix; next is not null;)
                {
                    long before = to.Length;
                    bytes = scan is null ? before : bytes;
                    scan ??= rows.Scan(prefix, next);
                    rest = rest is null
                        ? WriteEntries(keyGroup, scan, to, room)
                        : WriteParts(keyGroup, rest, scan, to, room);
                    bytes += to.Length - before;
                    next = scan.IsValid ? rest?.Row ?? scan.Key.ToArray() : null;
                    bool isEnough = bytes >= KeyedSnapshotWriter.BlockBytes && rest is not { IsWithinRow: true };
                    if (next is null || isEnough)
                    {
                        scan.Dispose();
                        scan = null;
                    }

                    to.Turn(rest is null ? BlockKind.Entries : BlockKind.More);
                    yield return keyGroup;
                }
            }
        }
        finally
        {
            scan?.Dispose();
        }
    }

    public override void Dispose()
    {
        // The rows belong to whoever has this.
    }

    // Until the block is full, or an entry has further parts: they come in a block of another kind.
    private EntryRest? WriteEntries(int keyGroup, RocksScan scan, GroupedEntries to, RecordWriter room)
    {
        if (!scan.IsValid)
        {
            return null;
        }

        RecordWriter writer = to.Open(keyGroup);
        EntryRest? rest;
        int entries = 0;
        do
        {
            rest = state.WriteEntry(scan, writer, room);
            entries++;
        }
        while (!to.IsFull && rest is null && scan.IsValid);

        to.Add(keyGroup, entries);
        return rest;
    }

    private EntryRest? WriteParts(
        int keyGroup, EntryRest entry, RocksScan scan, GroupedEntries to, RecordWriter room)
    {
        RecordWriter writer = to.Open(keyGroup);
        EntryRest? rest = entry;
        int parts = 0;
        do
        {
            rest = state.WriteMore(rest, scan, writer, room);
            parts++;
        }
        while (!to.IsFull && rest is not null);

        to.Add(keyGroup, parts);
        return rest;
    }
}
