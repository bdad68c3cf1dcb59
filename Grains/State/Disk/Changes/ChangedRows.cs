using System.Buffers.Binary;

namespace Millrace.State.Disk.Changes;

/// <summary>Which rows were written between two cuts, in the order in which they were: a row may come several
/// times.</summary>
/// <remarks>Appended to by one loop; behind the second cut, read from any thread by whoever holds it. Few stay in
/// memory, more go to a file.</remarks>
/// <param name="space">Where the file is.</param>
internal sealed class ChangedRows(DiskStateSpace space)
{
    /// <summary>Bytes in front of a row: its length, times two, and 1 for one that is removed.</summary>
    public const int HeaderBytes = sizeof(int);

    private const int LeastBytes = 256;
    private const int MostBytes = 16 << 10;

    private readonly SpaceFile _file = new(space);
    private byte[] _buffer = [];
    private int _used;
    private long _written;

    /// <summary>Bytes of all of them.</summary>
    public long Length => _written + _used;

    /// <summary>Makes sure that they can be read until disposal. The loop does so first.</summary>
    public IDisposable Hold() => _file.Hold();

    /// <summary>A row is written.</summary>
    /// <param name="row">Its key.</param>
    /// <param name="isRemoved">Whether it is removed.</param>
    /// <returns>Whether something went to the file.</returns>
    /// <exception cref="DiskStateException">The disk is full, or fails.</exception>
    public bool Add(ReadOnlySpan<byte> row, bool isRemoved)
    {
        int bytes = HeaderBytes + row.Length;
        bool hasWritten = bytes > _buffer.Length - _used && MakeRoom(bytes);
        Span<byte> into = _buffer.AsSpan(_used, bytes);
        BinaryPrimitives.WriteInt32LittleEndian(into, (row.Length << 1) | (isRemoved ? 1 : 0));
        row.CopyTo(into[HeaderBytes..]);
        _used += bytes;
        return hasWritten;
    }

    /// <summary>Reads bytes of them, all there is room for.</summary>
    /// <exception cref="DiskStateException">The disk fails.</exception>
    public void Read(long offset, Span<byte> into)
    {
        int inFile = (int)Math.Clamp(_written - offset, 0, into.Length);
        if (inFile > 0)
        {
            _file.Read(offset, into[..inFile]);
        }

        if (inFile < into.Length)
        {
            _buffer.AsSpan((int)(offset + inFile - _written), into.Length - inFile).CopyTo(into[inFile..]);
        }
    }

    private bool MakeRoom(int bytes)
    {
        if (_used + bytes <= MostBytes)
        {
            Array.Resize(ref _buffer, Math.Min(MostBytes, Math.Max(LeastBytes, 2 * (_used + bytes))));
            return false;
        }

        if (_used > 0)
        {
            _file.Append(_buffer.AsSpan(0, _used));
            _written += _used;
            _used = 0;
        }

        if (bytes > _buffer.Length)
        {
            _buffer = new byte[bytes];
        }

        return true;
    }
}
