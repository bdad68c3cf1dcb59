using Millrace.Execution.Spilling;
using Millrace.Network.Exchange;
using Millrace.Network.Exchange.Frames;
using Millrace.Tasks;

namespace Millrace.Network.Blocking;

/// <summary>Reads what a partition has for one target, block by block. One call at a time, from any thread.</summary>
/// <remarks>Blocks stay where they were read. What the system still has of the file in memory is taken when it is
/// needed, a chunk at a time; once it has to be waited for, a chunk is fetched while the blocks of the one before are
/// read, and no more than that. A chunk is checked before its first block is read.</remarks>
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
    private bool _isWaitedFor;
    private bool _disposed;

    /// <summary>Which partition.</summary>
    public PartitionId Id => partition.Id;

    /// <summary>The next block, if it is at hand.</summary>
    /// <param name="block">The block, which others may read too; the reference is the caller's.</param>
    /// <exception cref="PartitionLostException">It is not what was written.</exception>
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

            _ahead ??= Next();
            if (!_ahead.IsThere)
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
        _isWaitedFor = true;
        Chunk ahead = _ahead!;
        return ahead.Loading ??= LoadAsync(ahead);
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        DropChunk();
        if (_ahead is { Loading.IsCompleted: false })
        {
            _ = CloseWhenLoadedAsync(_ahead);
            return;
        }

        // What went wrong with it is of no interest any more.
        _ = _ahead?.Loading?.Exception;
        _ahead?.Drop();
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
        if (_isWaitedFor && _piece < pieces.Length && pieces[_piece].Block is null)
        {
            Chunk next = Next();
            _ahead = next;
            _isWaitedFor = !next.IsThere;
            if (_isWaitedFor)
            {
                next.Loading = store.Execution.RunAsync(() => LoadAsync(next));
            }
        }
    }

    // As many whole blocks as a chunk holds; a larger block alone. As far as it needs no wait.
    private Chunk Next()
    {
        Chunk chunk = new(pieces[_piece], _inPiece);
        chunk.Grow((int)Math.Min(chunkBytes, chunk.Left), store.Buffers);
        try
        {
            do
            {
                chunk.Have += file!.ReadAtHand(chunk.Begin + chunk.Have, chunk.Missing.Span);
            }
            while (chunk.Missing.IsEmpty && !IsWhole(chunk));
            return chunk;
        }
        catch
        {
            chunk.Drop();
            throw;
        }
    }

    private async Task LoadAsync(Chunk chunk)
    {
        try
        {
            do
            {
                int bytes = chunk.Missing.Length;
                int read = await file!.ReadAsync(chunk.Begin + chunk.Have, chunk.Missing);
                if (read < bytes)
                {
                    throw Lost($"its file '{file.Path}' ends {bytes - read} bytes too early");
                }

                chunk.Have += read;
            }
            while (!IsWhole(chunk));
        }
        catch (Exception exception)
        {
            chunk.Drop();
            if (exception is SpillFailedException or ObjectDisposedException)
            {
                throw Lost(exception.Message.TrimEnd('.'));
            }

            throw;
        }
    }

    // With a block that is larger than the chunk, there is more to read first.
    private bool IsWhole(Chunk chunk)
    {
        int needed = Check(chunk, chunk.Buffer!.Bytes.AsSpan(0, chunk.Have));
        if (chunk.End > 0)
        {
            return true;
        }

        chunk.Grow(needed, store.Buffers);
        return false;
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
            await ahead.Loading!;
            ahead.Drop();
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
        private int _size;

        /// <summary>Where it begins in the file.</summary>
        public long Begin => piece.Offset + inPiece;

        /// <summary>Bytes of the piece from there on.</summary>
        public long Left => piece.Length - inPiece;

        /// <summary>Where it is, until it is taken or dropped.</summary>
        public NetworkBuffer? Buffer { get; private set; }

        /// <summary>Bytes that were read.</summary>
        public int Have { get; set; }

        /// <summary>Room for those that were not.</summary>
        public Memory<byte> Missing => Buffer!.Bytes.AsMemory(Have, _size - Have);

        /// <summary>Where its last block ends, once all was read and is sound.</summary>
        public int End { get; set; }

        /// <summary>Whether it may be taken.</summary>
        public bool IsThere => Loading is null ? End > 0 : Loading.IsCompletedSuccessfully;

        /// <summary>Ends when it is there, or lost; null when nobody waits for it.</summary>
        public Task? Loading { get; set; }

        /// <summary>Makes it so large; what was read stays.</summary>
        public void Grow(int bytes, BufferAccount account)
        {
            NetworkBuffer larger = NetworkBuffer.Rent(bytes, account);
            Buffer?.Bytes.AsSpan(0, Have).CopyTo(larger.Bytes);
            Drop();
            Buffer = larger;
            _size = bytes;
        }

        /// <summary>Gives up what was read.</summary>
        public void Drop()
        {
            Buffer?.Release();
            Buffer = null;
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
