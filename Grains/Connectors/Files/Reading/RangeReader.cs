using System.Diagnostics;

namespace Millrace.Connectors.Files.Reading;

/// <summary>Reads the bytes of the lines that belong to a range: from the first line that begins in it to the end of
/// the last one, which may lie behind it.</summary>
/// <remarks>Blocks; runs off the loop. A range that begins right after a line feed begins with a line, so the byte
/// before the range is looked at too.</remarks>
internal sealed class RangeReader : IDisposable
{
    private const byte LineFeed = (byte)'\n';

    // Read behind the end of a range for the rest of its last line.
    private const int TailBytes = 16 << 10;

    // Read at a time of a compressed file.
    private const int PackedBytes = 64 << 10;

    private readonly FileRange _range;
    private readonly Stream _content;
    private byte[]? _header;
    private long _position;
    private bool _seeksLineStart;

    /// <param name="range">The range.</param>
    /// <param name="header">The first record of the file, where that is wanted.</param>
    /// <exception cref="FileReadException">It cannot be opened.</exception>
    public RangeReader(FileRange range, byte[]? header = null)
    {
        _range = range;
        _header = header;
        _seeksLineStart = range.Start > 0;
        try
        {
            _content = Open(range);
            if (range.Compression == FileCompression.None && _seeksLineStart)
            {
                _position = range.Start - 1;
                _content.Position = _position;
            }
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            _content?.Dispose();
            throw FileReadException.Of(range.Path, exception);
        }
    }

    /// <summary>Adds the next piece to a chunk that has room.</summary>
    /// <returns>Whether the range goes on after it.</returns>
    /// <exception cref="FileReadException">It cannot be read, or is shorter than it was.</exception>
    public bool Read(FileChunk chunk, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<byte> free = chunk.Free[..BytesToRead(chunk.FreeBytes)];
            long first = _position;
            int count = Fill(free);
            _position += count;
            bool isEndOfFile = count < free.Length;
            if (isEndOfFile && _position < _range.End && _range.End != long.MaxValue)
            {
                throw new FileReadException(
                    _range.Path,
                    $"it ends at byte {_position}, but had at least {_range.End} bytes when the job started.");
            }

            ReadOnlySpan<byte> bytes = free[..count];
            if (TryFindStart(bytes, first, out int from))
            {
                int to = EndOf(bytes, first, out bool isLast);
                Debug.Assert(from <= to, "a line that begins in the range ends behind its beginning");
                isLast |= isEndOfFile;
                Add(chunk, first + from, chunk.FreeFrom + from, chunk.FreeFrom + to, isLast);
                return !isLast;
            }

            if (isEndOfFile || _position >= _range.End)
            {
                Add(chunk, _position, chunk.FreeFrom, chunk.FreeFrom, endsRange: true);
                return false;
            }
        }
    }

    public void Dispose() => _content.Dispose();

    /// <summary>Opens a file, unpacked.</summary>
    public static Stream Open(FileRange range)
    {
        bool isPacked = range.Compression == FileCompression.Gzip;
        FileStreamOptions options = new()
        {
            Mode = FileMode.Open,
            Access = FileAccess.Read,
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.SequentialScan,
            BufferSize = isPacked ? PackedBytes : 0,
        };
        FileStream file = new(range.Path, options);
        return isPacked ? new GzipContent(file) : file;
    }

    /// <summary>Whether an exception is one of a file that is read.</summary>
    public static bool IsFileError(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or InvalidDataException;

    private void Add(FileChunk chunk, long position, int from, int to, bool endsRange)
    {
        chunk.Add(new FilePiece(_range, position, from, to, endsRange) { Header = _header });
        _header = null;
    }

    private int BytesToRead(int room)
    {
        long inRange = _range.End - _position;
        return inRange >= room ? room : (int)Math.Min(room, Math.Max(inRange, 0) + TailBytes);
    }

    private int Fill(Span<byte> bytes)
    {
        try
        {
            return _content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            throw FileReadException.Of(_range.Path, exception);
        }
    }

    /// <summary>Finds where lines of the range begin among bytes.</summary>
    /// <returns>False when none begins here; when <see cref="_position"/> has passed the range, none will.</returns>
    private bool TryFindStart(ReadOnlySpan<byte> bytes, long first, out int from)
    {
        from = 0;
        if (!_seeksLineStart)
        {
            return _range.End > 0;
        }

        // Of a file that was unpacked from its beginning, the bytes before the range come first.
        long skipped = Math.Clamp(_range.Start - 1 - first, 0, bytes.Length);
        int lineFeed = bytes[(int)skipped..].IndexOf(LineFeed);
        from = (int)skipped + lineFeed + 1;
        if (lineFeed < 0 || first + from >= _range.End)
        {
            return false;
        }

        _seeksLineStart = false;
        return true;
    }

    /// <summary>Where the lines of the range end among bytes: behind the first line feed that is not before its last
    /// byte.</summary>
    private int EndOf(ReadOnlySpan<byte> bytes, long first, out bool isLast)
    {
        isLast = false;
        if (_position < _range.End)
        {
            return bytes.Length;
        }

        int search = (int)Math.Max(_range.End - 1 - first, 0);
        int lineFeed = bytes[search..].IndexOf(LineFeed);
        isLast = lineFeed >= 0;
        return isLast ? search + lineFeed + 1 : bytes.Length;
    }
}
