using System.Buffers;
using Millrace.Connectors.Files.Parsing;

namespace Millrace.Connectors.Files.Reading;

/// <summary>Cuts the bytes of chunks into records and decodes them. A record that goes on in the next chunk is kept
/// until then.</summary>
internal sealed class RecordCutter<T>(RecordReading<T> reading, int maxLineBytes) : IDisposable
{
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';
    private const byte Quote = (byte)'"';

    private readonly IRecordDecoder<T> _decoder = reading.CreateDecoder();
    private readonly RecordLayout _layout = reading.Layout;
    private FileChunk? _chunk;
    private int _next;
    private FilePiece _piece;
    private bool _isPieceOpen;
    private int _at;
    private bool _inQuotes;
    private byte[] _kept = [];
    private int _keptCount;
    private long _keptPosition;
    private long _recordPosition;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Where the records that were cut since it was last cleared begin.</summary>
    public RecordPositions Positions { get; } = new();

    /// <summary>Ranges of the present split whose records were all cut.</summary>
    public int RangesDone { get; private set; }

    /// <summary>Where the first record begins that was not cut, in the range after those done; null when nothing was
    /// cut of that range.</summary>
    public long? NextPosition { get; private set; }

    /// <summary>Goes on with a chunk.</summary>
    public void Begin(FileChunk chunk)
    {
        _chunk = chunk;
        _next = 0;
        _isPieceOpen = false;
    }

    /// <summary>Goes on with another split.</summary>
    public void BeginSplit()
    {
        RangesDone = 0;
        NextPosition = null;
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

    /// <summary>Adds records until the batch is full or the chunk is at its end.</summary>
    /// <returns>The chunk when it is at its end; it belongs to the caller again.</returns>
    /// <exception cref="FileReadException">A record is too long, or is none.</exception>
    public FileChunk? Cut(ref SourceBatch<T> batch)
    {
        FileChunk chunk = _chunk ?? throw new InvalidOperationException("There is no chunk to cut.");
        try
        {
            while (!batch.IsFull)
            {
                if (_isPieceOpen)
                {
                    CutPiece(chunk.Bytes, ref batch);
                }
                else if (_next < chunk.Pieces.Count)
                {
                    Enter(chunk.Pieces[_next++]);
                }
                else
                {
                    _chunk = null;
                    return chunk;
                }
            }

            return null;
        }
        catch (InvalidRecordException exception)
        {
            throw Invalid(exception);
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_kept);
        _kept = [];
    }

    private void Enter(FilePiece piece)
    {
        _piece = piece;
        _at = piece.From;
        _isPieceOpen = true;
        Positions.Enter(piece.Path);
        if (piece.Header is { } header)
        {
            _recordPosition = 0;
            _decoder.Begin(WithoutMark(WithoutEnd(header)));
        }
    }

    private void CutPiece(byte[] bytes, ref SourceBatch<T> batch)
    {
        ReadOnlySpan<byte> rest = bytes.AsSpan(_at.._piece.To);
        while (!batch.IsFull && !rest.IsEmpty)
        {
            int length = EndOfRecord(rest);
            if (length < 0)
            {
                Keep(rest);
                _at = _piece.To;
                break;
            }

            ReadOnlySpan<byte> record = rest[..length];
            if (_keptCount > 0)
            {
                AddKept(record, ref batch);
            }
            else
            {
                Add(record, PositionOf(_at), ref batch);
            }

            _at += length + 1;
            rest = rest[(length + 1)..];
            NextPosition = PositionOf(_at);
        }

        if (_at == _piece.To && !batch.IsFull)
        {
            EndPiece(ref batch);
        }
    }

    // There is room for the record that ends with the range.
    private void EndPiece(ref SourceBatch<T> batch)
    {
        _isPieceOpen = false;
        if (!_piece.EndsRange)
        {
            return;
        }

        if (_keptCount > 0)
        {
            AddKept([], ref batch);
        }

        RangesDone++;
        NextPosition = null;
    }

    /// <returns>Bytes before the line feed that ends the record; -1 when it goes on behind these bytes.</returns>
    private int EndOfRecord(ReadOnlySpan<byte> bytes)
    {
        if (!_layout.QuotesLineEnds)
        {
            return bytes.IndexOf(LineFeed);
        }

        // Quotes within a field are doubled, so that an odd number of quotes means that one is open.
        for (int from = 0; ;)
        {
            int length = bytes[from..].IndexOf(LineFeed);
            ReadOnlySpan<byte> line = length < 0 ? bytes[from..] : bytes.Slice(from, length);
            _inQuotes ^= (line.Count(Quote) & 1) != 0;
            if (length < 0)
            {
                return -1;
            }

            if (!_inQuotes)
            {
                return from + length;
            }

            from += length + 1;
        }
    }

    private void AddKept(ReadOnlySpan<byte> end, ref SourceBatch<T> batch)
    {
        Keep(end);
        ReadOnlySpan<byte> record = _kept.AsSpan(0, _keptCount);
        _keptCount = 0;

        // A file of nothing but a byte order mark has no line.
        bool isMarkAlone = _keptPosition == 0 && end.IsEmpty && _piece.EndsRange && _at == _piece.To
            && record.SequenceEqual(ByteOrderMark);
        if (!isMarkAlone)
        {
            Add(record, _keptPosition, ref batch);
        }
    }

    private void Add(ReadOnlySpan<byte> record, long position, ref SourceBatch<T> batch)
    {
        _inQuotes = false;
        _recordPosition = position;
        record = WithoutEnd(record);
        if (record.Length > maxLineBytes)
        {
            throw TooLong(position);
        }

        if (position == 0)
        {
            record = WithoutMark(record);
            if (_layout.HasHeader)
            {
                _decoder.Begin(record);
                return;
            }
        }

        if (_decoder.TryDecode(record, out T value))
        {
            Positions.Add(position);
            batch.Add(value);
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_keptCount == 0)
        {
            _keptPosition = PositionOf(_at);
            NextPosition = _keptPosition;
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

    private long PositionOf(int at) => _piece.Position + (at - _piece.From);

    private static ReadOnlySpan<byte> WithoutEnd(ReadOnlySpan<byte> record)
    {
        record = record is [.. var line, LineFeed] ? line : record;
        return record is [.. var text, CarriageReturn] ? text : record;
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> record) =>
        record.StartsWith(ByteOrderMark) ? record[ByteOrderMark.Length..] : record;

    private FileReadException TooLong(long position) => new(
        _piece.Path,
        $"the line that begins at byte {position} is longer than {maxLineBytes} bytes. "
        + $"Raise {nameof(FileSourceOptions)}.{nameof(FileSourceOptions.MaxLineBytes)} if such lines are wanted.");

    private FileReadException Invalid(InvalidRecordException exception)
    {
        string place = FileStart.LineAt(_piece.Range, _recordPosition) is long line
            ? FormattableString.Invariant($"line {line}")
            : FormattableString.Invariant($"byte {_recordPosition}");
        string column = exception.Column.Length == 0 ? "" : $", {exception.Column}";
        return new FileReadException(_piece.Path, $"{place}{column}: {exception.Message}", innerException: exception);
    }
}
