using System.Buffers;
using System.Buffers.Binary;

namespace Millrace.State.Disk.Changes;

/// <summary>Some of the rows that were written, a part at a time. Used by one thread.</summary>
internal sealed class RowBundle : IDisposable
{
    private const int PartBytes = 512 << 10;

    private readonly List<(ReadOnlyMemory<byte> Row, bool IsRemoved)> _rows = [];
    private byte[] _bytes = [];

    /// <summary>The rows, in the order in which they were written, until the next part.</summary>
    public IReadOnlyList<(ReadOnlyMemory<byte> Row, bool IsRemoved)> Rows => _rows;

    /// <summary>Takes the next part, in place of the one before.</summary>
    /// <param name="from">All rows.</param>
    /// <param name="offset">Where the part begins.</param>
    /// <returns>Where the next one does.</returns>
    /// <exception cref="DiskStateException">The disk fails.</exception>
    public long Load(ChangedRows from, long offset)
    {
        _rows.Clear();
        int length = (int)Math.Min(PartBytes, from.Length - offset);
        Read(from, offset, length);
        if (FirstBytes() is int first && first > length)
        {
            // A row that is larger than a part is one by itself.
            length = first;
            Read(from, offset, length);
        }

        int at = 0;
        while (at + ChangedRows.HeaderBytes <= length)
        {
            int header = BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(at));
            int next = at + ChangedRows.HeaderBytes + (header >> 1);
            if (next > length)
            {
                break;
            }

            _rows.Add((_bytes.AsMemory(at + ChangedRows.HeaderBytes, header >> 1), (header & 1) != 0));
            at = next;
        }

        return offset + at;
    }

    /// <summary>The entries of a state that rows of the part belong to, in their order, each once.</summary>
    /// <param name="state">The state.</param>
    /// <param name="isWanted">Whether it is about rows that were removed, or about others.</param>
    public IEnumerable<ReadOnlyMemory<byte>> EntriesOf(DiskState state, Func<bool, bool> isWanted)
    {
        List<ReadOnlyMemory<byte>> entries = [];
        foreach ((ReadOnlyMemory<byte> row, bool isRemoved) in _rows)
        {
            if (RowCursor.StateOf(row.Span) == state.Number && isWanted(isRemoved))
            {
                entries.Add(row[..state.LengthOfEntry(row.Span)]);
            }
        }

        entries.Sort(static (left, right) => left.Span.SequenceCompareTo(right.Span));
        for (int i = 0; i < entries.Count; i++)
        {
            if (i == 0 || !entries[i].Span.SequenceEqual(entries[i - 1].Span))
            {
                yield return entries[i];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }

    private int FirstBytes() => ChangedRows.HeaderBytes + (BinaryPrimitives.ReadInt32LittleEndian(_bytes) >> 1);

    private void Read(ChangedRows from, long offset, int length)
    {
        if (_bytes.Length < length)
        {
            Dispose();
            _bytes = ArrayPool<byte>.Shared.Rent(length);
        }

        from.Read(offset, _bytes.AsSpan(0, length));
    }
}
