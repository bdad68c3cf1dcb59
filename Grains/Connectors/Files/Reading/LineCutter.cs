using System.Buffers;
using System.Text;

namespace Millrace.Connectors.Files.Reading;

/// <summary>Cuts the bytes of chunks into lines. A line that goes on in the next chunk is kept until then.</summary>
internal sealed class LineCutter(int maxLineBytes) : IDisposable
{
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    private FileChunk? _chunk;
    private int _next;
    private FilePiece _piece;
    private int _at;
    private byte[] _kept = [];
    private int _keptCount;
    private long _keptPosition;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Where the records that were cut since it was last cleared begin.</summary>
    public RecordPositions Positions { get; } = new();

    /// <summary>Goes on with a chunk.</summary>
    public void Begin(FileChunk chunk)
    {
        _chunk = chunk;
        _next = 0;
        _piece = default;
        _at = 0;
    }

    /// <summary>After a batch was handed out: forgets where its records began.</summary>
    public void ClearPositions()
    {
        Positions.Clear();
        if (_piece.Path is not null)
        {
            Positions.Enter(_piece.Path);
        }
    }

    /// <summary>Adds lines until the batch is full or the chunk is at its end.</summary>
    /// <returns>The chunk when it is at its end; it belongs to the caller again.</returns>
    /// <exception cref="FileReadException">A line is too long.</exception>
    public FileChunk? Cut(ref SourceBatch<string> batch)
    {
        FileChunk chunk = _chunk ?? throw new InvalidOperationException("There is no chunk to cut.");
        while (!batch.IsFull)
        {
            if (_at < _piece.To)
            {
                CutPiece(chunk.Bytes, ref batch);
            }
            else if (_piece.EndsRange && _keptCount > 0)
            {
                AddKept([], ref batch);
            }
            else if (_next < chunk.Pieces.Count)
            {
                _piece = chunk.Pieces[_next++];
                _at = _piece.From;
                Positions.Enter(_piece.Path);
            }
            else
            {
                _chunk = null;
                return chunk;
            }
        }

        return null;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_kept);
        _kept = [];
    }

    private void CutPiece(byte[] bytes, ref SourceBatch<string> batch)
    {
        ReadOnlySpan<byte> rest = bytes.AsSpan(_at.._piece.To);
        while (!batch.IsFull)
        {
            int length = rest.IndexOf(LineFeed);
            if (length < 0)
            {
                Keep(rest);
                _at = _piece.To;
                return;
            }

            if (_keptCount > 0)
            {
                AddKept(rest[..length], ref batch);
            }
            else
            {
                Add(rest[..length], _piece.Position + (_at - _piece.From), ref batch);
            }

            _at += length + 1;
            rest = rest[(length + 1)..];
        }
    }

    private void AddKept(ReadOnlySpan<byte> end, ref SourceBatch<string> batch)
    {
        Keep(end);
        ReadOnlySpan<byte> line = _kept.AsSpan(0, _keptCount);
        _keptCount = 0;

        // A file of nothing but a byte order mark has no line.
        bool isMarkAlone = _keptPosition == 0 && end.IsEmpty && _piece.EndsRange && _at == _piece.To
            && line.SequenceEqual(ByteOrderMark);
        if (!isMarkAlone)
        {
            Add(line, _keptPosition, ref batch);
        }
    }

    private void Add(ReadOnlySpan<byte> line, long position, ref SourceBatch<string> batch)
    {
        if (line.Length > 0 && line[^1] == CarriageReturn)
        {
            line = line[..^1];
        }

        if (line.Length > maxLineBytes)
        {
            throw TooLong(position);
        }

        if (position == 0 && line.StartsWith(ByteOrderMark))
        {
            line = line[ByteOrderMark.Length..];
        }

        Positions.Add(position);
        batch.Add(Encoding.UTF8.GetString(line));
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_keptCount == 0)
        {
            _keptPosition = _piece.Position + (_at - _piece.From);
        }

        long needed = (long)_keptCount + bytes.Length;
        if (needed > maxLineBytes + 1L)
        {
            throw TooLong(_keptPosition);
        }

        if (needed > _kept.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(needed, Math.Min(2L * _kept.Length, 1 << 30)));
            _kept.AsSpan(0, _keptCount).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_kept);
            _kept = larger;
        }

        bytes.CopyTo(_kept.AsSpan(_keptCount));
        _keptCount = (int)needed;
    }

    private FileReadException TooLong(long position) => new(
        _piece.Path,
        $"the line that begins at byte {position} is longer than {maxLineBytes} bytes. "
        + $"Raise {nameof(FileSourceOptions)}.{nameof(FileSourceOptions.MaxLineBytes)} if such lines are wanted.");
}
