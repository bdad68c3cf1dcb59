using System.Buffers;
using Millrace.Execution.Spilling;
using Millrace.Network.Exchange.Frames;
using Millrace.Tasks;

namespace Millrace.Network.Blocking;

/// <summary>Reads what a partition has for one target, block by block. One call at a time, from any thread.</summary>
internal sealed class PartitionCursor(
    Partition partition, PartitionPiece[] pieces, SpillFile? file, int chunkBytes, BufferAccount account) : IDisposable
{
    private int _piece;
    private long _inPiece;
    private byte[]? _chunk;
    private int _chunkStart;
    private int _chunkEnd;
    private int _wanted;
    private bool _disposed;

    /// <summary>Which partition.</summary>
    public PartitionId Id => partition.Id;

    /// <summary>The next block, if it is at hand.</summary>
    /// <param name="frame">A frame: room for its header, then the block; a copy, and the caller's.</param>
    /// <param name="length">Bytes of the frame.</param>
    /// <exception cref="PartitionLostException">The bytes are not those that were written.</exception>
    public CursorStatus TryRead(out NetworkBuffer? frame, out int length)
    {
        frame = null;
        length = 0;
        while (_piece < pieces.Length)
        {
            PartitionPiece piece = pieces[_piece];
            if (piece.Block is NetworkBuffer block)
            {
                _piece++;
                frame = Copy(block.Bytes.AsSpan(FrameHeader.Bytes, (int)piece.Length - FrameHeader.Bytes), out length);
                return CursorStatus.Block;
            }

            if (_inPiece < piece.Length)
            {
                return TryReadChunk(out frame, out length) ? CursorStatus.Block : CursorStatus.ToLoad;
            }

            _inPiece = 0;
            _chunkStart = _chunkEnd = 0;
            _piece++;
        }

        return CursorStatus.End;
    }

    /// <summary>Fetches more from the file, after <see cref="CursorStatus.ToLoad"/>.</summary>
    /// <exception cref="PartitionLostException">It cannot be read.</exception>
    public async Task LoadAsync()
    {
        PartitionPiece piece = pieces[_piece];
        int bytes = (int)Math.Min(Math.Max(chunkBytes, _wanted), piece.Length - _inPiece);
        if (_chunk is null || _chunk.Length < bytes)
        {
            Return();
            _chunk = ArrayPool<byte>.Shared.Rent(bytes);
        }

        try
        {
            int read = await file!.ReadAsync(piece.Offset + _inPiece, _chunk.AsMemory(0, bytes));
            if (read < bytes)
            {
                throw Lost($"its file '{file.Path}' ends {bytes - read} bytes too early");
            }
        }
        catch (Exception exception) when (exception is SpillFailedException or ObjectDisposedException)
        {
            throw Lost(exception.Message.TrimEnd('.'));
        }

        _chunkStart = 0;
        _chunkEnd = bytes;
        _wanted = 0;
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Return();
            partition.Close();
        }
    }

    private bool TryReadChunk(out NetworkBuffer? frame, out int length)
    {
        frame = null;
        length = 0;
        ReadOnlySpan<byte> left = _chunk.AsSpan(_chunkStart, _chunkEnd - _chunkStart);
        if (left.Length < SpilledBlock.HeaderBytes)
        {
            return false;
        }

        int bytes = SpilledBlock.LengthAt(left);
        if (bytes < 0 || bytes > pieces[_piece].Length - _inPiece)
        {
            throw Lost($"no block begins at byte {pieces[_piece].Offset + _inPiece} of '{file!.Path}'");
        }

        if (bytes > left.Length)
        {
            _wanted = bytes;
            return false;
        }

        if (!SpilledBlock.IsSound(left[..bytes]))
        {
            throw Lost($"the block at byte {pieces[_piece].Offset + _inPiece} of '{file!.Path}' is damaged");
        }

        frame = Copy(left[SpilledBlock.HeaderBytes..bytes], out length);
        _chunkStart += bytes;
        _inPiece += bytes;
        return true;
    }

    private NetworkBuffer Copy(ReadOnlySpan<byte> block, out int length)
    {
        length = FrameHeader.Bytes + block.Length;
        NetworkBuffer frame = NetworkBuffer.Rent(length, account);
        block.CopyTo(frame.Bytes.AsSpan(FrameHeader.Bytes));
        return frame;
    }

    private PartitionLostException Lost(string reason) => new(partition.Id, reason);

    private void Return()
    {
        if (_chunk is not null)
        {
            ArrayPool<byte>.Shared.Return(_chunk);
            _chunk = null;
        }
    }
}

/// <summary>What a cursor has.</summary>
internal enum CursorStatus
{
    /// <summary>A block.</summary>
    Block,

    /// <summary>Nothing before more is loaded.</summary>
    ToLoad,

    /// <summary>Nothing any more.</summary>
    End,
}
