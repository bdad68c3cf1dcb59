using Millrace.State.Disk.Rocks;

namespace Millrace.State.Disk;

// Rows that nobody asks for are looked at in passing, and do not come to hand: they would drive out those in use.
internal sealed partial class DiskRows
{
    /// <summary>Goes through rows as the database has them: of what was changed at hand it knows nothing.</summary>
    /// <param name="prefix">With which they begin.</param>
    /// <param name="first">Where to begin.</param>
    /// <param name="mostSkipped">Most removed rows to pass over on the way to the next one.</param>
    /// <exception cref="DiskStateException">The disk fails.</exception>
    public RocksScan ScanWritten(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> first, ulong mostSkipped) =>
        _database.Scan(prefix, first, mostSkipped);

    /// <summary>Removes a row that the database has by the next <see cref="WriteRemoved"/>, unless it was changed at
    /// hand since.</summary>
    /// <param name="row">Its key.</param>
    /// <returns>False when it was.</returns>
    public bool TryRemoveWritten(ReadOnlySpan<byte> row)
    {
        int index = IndexOf(row, out _);
        if (index >= 0)
        {
            ref RowEntry entry = ref _entries[index];
            if (entry.Status >= RowStatus.Changed)
            {
                return false;
            }

            entry.Status = RowStatus.Absent;
            entry.ValueLength = 0;
            entry.Written = 0;
        }

        _database.Remove(row);
        return true;
    }

    /// <summary>Removes the rows.</summary>
    /// <exception cref="DiskStateException">The disk is full, or fails.</exception>
    public void WriteRemoved() => _database.Write();
}
