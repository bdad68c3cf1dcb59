using System.Buffers;

namespace Millrace.Connectors.Files.Reading;

/// <summary>A block of bytes with whole or cut lines of one split; with one owner at a time, the loop or the
/// fetcher.</summary>
internal sealed class FileChunk(int capacityBytes) : IDisposable
{
    private readonly List<FilePiece> _pieces = [];
    private byte[]? _bytes = ArrayPool<byte>.Shared.Rent(capacityBytes);
    private int _used;

    /// <summary>What it holds, in order.</summary>
    public IReadOnlyList<FilePiece> Pieces => _pieces;

    /// <summary>Whether the split ends with this chunk.</summary>
    public bool EndsSplit { get; set; }

    /// <summary>Bytes it can take further.</summary>
    public int FreeBytes => capacityBytes - _used;

    /// <summary>All its bytes, used or not.</summary>
    public byte[] Bytes => _bytes ?? throw new ObjectDisposedException(nameof(FileChunk));

    /// <summary>The part that is free.</summary>
    public Span<byte> Free => Bytes.AsSpan(_used, FreeBytes);

    /// <summary>Where the free part begins.</summary>
    public int FreeFrom => _used;

    public void Clear()
    {
        _pieces.Clear();
        _used = 0;
        EndsSplit = false;
    }

    /// <summary>Adds a piece that was read into the free part.</summary>
    public void Add(FilePiece piece)
    {
        _pieces.Add(piece);
        _used = piece.To;
    }

    public void Dispose()
    {
        byte[]? bytes = _bytes;
        _bytes = null;
        if (bytes is not null)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
