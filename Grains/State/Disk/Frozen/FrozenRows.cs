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
    public override IEnumerable<int> Write(GroupedEntries to)
    {
        using RecordWriter room = new();
        for (int keyGroup = settings.Range.First; keyGroup < settings.Range.End; keyGroup++)
        {
            byte[] prefix = new byte[RowCursor.PrefixBytes];
            RowCursor.WritePrefix(prefix, keyGroup, state.Number);
            EntryRest? rest = null;
            for (byte[]? next = prefix; next is not null;)
            {
                next = WritePart(keyGroup, prefix, next, ref rest, to, room);
                to.Turn(rest is null ? BlockKind.Entries : BlockKind.More);
                yield return keyGroup;
            }
        }
    }

    public override void Dispose()
    {
        // The rows belong to whoever has this.
    }

    // A scan holds on to files and write buffers: none is open while a block that is full goes on its way, which may
    // take long. Returns the row to go on with.
    private byte[]? WritePart(
        int keyGroup, byte[] prefix, byte[] first, ref EntryRest? rest, GroupedEntries to, RecordWriter room)
    {
        using RocksScan scan = rows.Scan(prefix, first);
        if (!scan.IsValid)
        {
            return null;
        }

        RecordWriter writer = to.Open(keyGroup);
        bool goesOn = rest is not null;
        int entries = 0;
        do
        {
            rest = rest is null ? state.WriteEntry(scan, writer, room) : state.WriteMore(rest, scan, writer, room);
            entries++;
        }
        while (!to.IsFull && goesOn == (rest is not null) && scan.IsValid);

        to.Add(keyGroup, entries);
        return scan.IsValid ? rest?.Row ?? scan.Key.ToArray() : null;
    }
}
