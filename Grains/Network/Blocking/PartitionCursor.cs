using Millrace.Execution.Spilling;
using Millrace.Network.Exchange;
using Millrace.Network.Exchange.Frames;
using Millrace.Tasks;

namespace Millrace.Network.Blocking;

/// <summary>Reads what a partition has for one target, block by block. One call at a time, from any thread.</summary>
/// <remarks>Blocks stay where they were read. Of the file, a chunk is fetched and checked while the blocks of the one
/// before are read, and no more than that.</remarks>
internal sealed class PartitionCursor(
    Partition partition, PartitionPiece[] pieces, SpillFile? file, int chunkBytes, PartitionStore store) : IDisposable
{
    // The piece that is read, and where in it the next chunk begins.
    private int _piece;
    private long _inPiece;
    private NetworkBuffer? _chunk;
    private int _chunkStart;
    private int _chunkEnd;
    private Chunk? _ahead;
    private bool _disposed;

    /// <summary>Which partition.</summary>
    public PartitionId Id => partition.Id;

    /// <summary>The next block, if it is at hand.</summary>
    /// <param name="block">The block, which others may read too; the reference is the caller's.</param>
    public CursorStatus TryRead(out IncomingItem block)
    {
        while (_chunkStart == _chunkEnd)
        {
            DropChunk();
            block = default;
            if (_piece == pieces.Length)
            {
                return CursorStatus.End;
            }

            PartitionPiece piece = pieces[_piece];
            if (piece.Block is NetworkBuffer whole)
            {
                _piece++;
                whole.Retain();
                block = new IncomingItem(whole, FrameHeader.Bytes, (int)piece.Length - FrameHeader.Bytes, null);
                return CursorStatus.Block;
            }

            if (_ahead is not { Loaded.IsCompletedSuccessfully: true })
            {
                return CursorStatus.ToLoad;
            }

            TakeAhead(_ahead);
        }

        int bytes = SpilledBlock.LengthAt(_chunk!.Bytes.AsSpan(_chunkStart));
        _chunk.Retain();
        block = new IncomingItem(
            _chunk, _chunkStart + SpilledBlock.HeaderBytes, bytes - SpilledBlock.HeaderBytes, null);
        _chunkStart += bytes;
        return CursorStatus.Block;
    }

    /// <summary>Fetches more from the file, after <see cref="CursorStatus.ToLoad"/>.</summary>
    /// <exception cref="PartitionLostException">It cannot be read, or is not what was written.</exception>
    public Task LoadAsync()
    {
        if (_ahead is null)
        {
            _ahead = new Chunk(pieces[_piece], _inPiece);
            _ahead.Loaded = LoadAsync(_ahead);
        }

        return _ahead.Loaded;
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        DropChunk();
        if (_ahead is { Loaded.IsCompleted: false })
        {
            _ = CloseWhenLoadedAsync(_ahead);
            return;
        }

        // What went wrong with it is of no interest any more.
        _ = _ahead?.Loaded.Exception;
        _ahead?.Buffer?.Release();
        partition.Close();
    }

    private void TakeAhead(Chunk loaded)
    {
        _chunk = loaded.Buffer;
        _chunkStart = 0;
        _chunkEnd = loaded.End;
        _inPiece += loaded.End;
        if (_inPiece == pieces[_piece].Length)
        {
            _inPiece = 0;
            _piece++;
        }

        _ahead = null;
        if (_piece < pieces.Length && pieces[_piece].Block is null)
        {
            Chunk next = new(pieces[_piece], _inPiece);
            next.Loaded = store.Execution.RunAsync(() => LoadAsync(next));
            _ahead = next;
        }
    }

    // As many whole blocks as a chunk holds; a larger block alone.
    private async Task LoadAsync(Chunk chunk)
    {
        int bytes = (int)Math.Min(chunkBytes, chunk.Left);
        while (chunk.Buffer is null)
        {
            NetworkBuffer buffer = NetworkBuffer.Rent(bytes, store.Buffers);
            try
            {
                int read = await file!.ReadAsync(chunk.Begin, buffer.Bytes.AsMemory(0, bytes));
                if (read < bytes)
                {
                    throw Lost($"its file '{file.Path}' ends {bytes - read} bytes too early");
                }

                bytes = Check(chunk, buffer.Bytes.AsSpan(0, bytes));
                chunk.Buffer = chunk.End > 0 ? buffer : null;
            }
            catch (Exception exception) when (exception is SpillFailedException or ObjectDisposedException)
            {
                throw Lost(exception.Message.TrimEnd('.'));
            }
            finally
            {
                if (chunk.Buffer is null)
                {
                    buffer.Release();
                }
            }
        }
    }

    // Finds where the last whole block ends; or how many bytes the first one needs.
    private int Check(Chunk chunk, ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length)
        {
            int length = bytes.Length - at < SpilledBlock.HeaderBytes ? 0 : SpilledBlock.LengthAt(bytes[at..]);
            if (length < 0 || length > chunk.Left - at || (length == 0 && chunk.Left == bytes.Length))
            {
                throw Lost($"no block begins at byte {chunk.Begin + at} of '{file!.Path}'");
            }

            if (length == 0 || length > bytes.Length - at)
            {
                chunk.End = at;
                return length;
            }

            if (!SpilledBlock.IsSound(bytes.Slice(at, length)))
            {
                throw Lost($"the block at byte {chunk.Begin + at} of '{file!.Path}' is damaged");
            }

            at += length;
        }

        chunk.End = at;
        return at;
    }

    // Nobody closes the file while it is read.
    private async Task CloseWhenLoadedAsync(Chunk ahead)
    {
        try
        {
            await ahead.Loaded;
            ahead.Buffer!.Release();
        }
        catch (PartitionLostException)
        {
            // Nobody will read it.
        }
        finally
        {
            partition.Close();
        }
    }

    private void DropChunk()
    {
        _chunk?.Release();
        _chunk = null;
        _chunkStart = _chunkEnd = 0;
    }

    private PartitionLostException Lost(string reason) => new(partition.Id, reason);

    /// <summary>Blocks on their way from the file: from somewhere in a piece, as many as fit.</summary>
    private sealed class Chunk(PartitionPiece piece, long inPiece)
    {
        /// <summary>Where it begins in the file.</summary>
        public long Begin => piece.Offset + inPiece;

        /// <summary>Bytes of the piece from there on.</summary>
        public long Left => piece.Length - inPiece;

        /// <summary>Where it is, once it is sound.</summary>
        public NetworkBuffer? Buffer { get; set; }

        /// <summary>Where its last block ends.</summary>
        public int End { get; set; }

        /// <summary>Ends when it is there, or lost.</summary>
        public Task Loaded { get; set; } = Task.CompletedTask;
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
