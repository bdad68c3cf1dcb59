using System.Buffers.Binary;
using Millrace.Execution.Spilling;

namespace Millrace.Operators.Sorting;

/// <summary>Reads a run on the disk, part by part.</summary>
internal sealed class RunCursor(SpillFile file, SortedRun run, int number) : ISortedCursor
{
    private byte[] _part = [];
    private int _parts;
    private long _offset = run.Offset;
    private int _end;
    private int _at;
    private int _next;

    public int Run => number;

    public SortPlace Place { get; private set; }

    public ReadOnlySpan<byte> Record => _part.AsSpan(_at + SortedRun.EntryBytes, Length);

    private int Length => BinaryPrimitives.ReadInt32LittleEndian(_part.AsSpan(_at + 16));

    public CursorMove MoveNext()
    {
        if (_next == _end)
        {
            return _parts == run.Parts.Count ? CursorMove.Ended : CursorMove.ToLoad;
        }

        _at = _next;
        _next = _at + SortedRun.EntryBytes + Length;
        ReadOnlySpan<byte> entry = _part.AsSpan(_at, SortedRun.EntryBytes);
        Place = new SortPlace(
            BinaryPrimitives.ReadUInt64LittleEndian(entry), BinaryPrimitives.ReadInt64LittleEndian(entry[8..]));
        return CursorMove.Moved;
    }

    /// <summary>Fetches the next part, and goes on to its first record.</summary>
    /// <exception cref="SpillFailedException">It cannot be read, or is damaged.</exception>
    public async Task LoadAsync()
    {
        int bytes = run.Parts[_parts++];
        if (_part.Length < bytes)
        {
            _part = new byte[bytes];
        }

        int read = await file.ReadAsync(_offset, _part.AsMemory(0, bytes));
        if (read < bytes)
        {
            throw new SpillFailedException(
                file.Path, new IOException($"It ends {bytes - read} bytes too early, at byte {_offset + read}."));
        }

        if (!SortedRun.IsSound(_part.AsSpan(0, bytes)))
        {
            throw new SpillFailedException(
                file.Path, new IOException($"The sorted records at byte {_offset} are not those that were written."));
        }

        _offset += bytes;
        _end = bytes;
        _next = SortedRun.ChecksumBytes;
        MoveNext();
    }
}
