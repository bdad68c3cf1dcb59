using System.Buffers;
using Azure;

namespace Millrace.Storage.Blobs;

/// <summary>Reads one blob, a block at a time; while it is read forward, the next block is on its way. For one reader
/// at a time.</summary>
/// <remarks>All blocks are of one version: when the blob is replaced meanwhile, the next read fails.</remarks>
internal sealed class BlobReader : Stream
{
    private readonly string _address;
    private readonly BlobRequests _requests;
    private readonly CancellationTokenSource _disposed = new();
    private readonly ETag _tag;
    private readonly long _length;
    private Block _block;
    private Task<Block>? _next;
    private long _nextOffset;
    private long _position;

    private BlobReader(string address, BlobRequests requests, Block first, BlobPart part)
    {
        _address = address;
        _requests = requests;
        _block = first;
        _tag = part.Tag;
        _length = part.Length;
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    /// <summary>Opens a blob.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<BlobReader> OpenAsync(
        string address, BlobRequests requests, CancellationToken cancellationToken)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(requests.BlockBytes);
        try
        {
            BlobPart part = await requests.ReadAsync(
                address, 0, bytes.AsMemory(0, requests.BlockBytes), tag: null, cancellationToken);
            return new BlobReader(address, requests, new Block(0, bytes, part.Count), part);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(bytes);
            throw;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (buffer.Length == 0 || _position >= _length)
        {
            return 0;
        }

        if (!_block.Has(_position))
        {
            TakeAsync(CancellationToken.None).GetAwaiter().GetResult();
        }

        return Copy(buffer);
    }

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0 || _position >= _length)
        {
            return 0;
        }

        if (!_block.Has(_position))
        {
            await TakeAsync(cancellationToken);
        }

        return Copy(buffer.Span);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin)
    {
        Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => _length + offset,
        };
        return _position;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && _block.Bytes.Length > 0)
        {
            // The buffer of a block that is on its way is left to the collector.
            _disposed.Cancel();
            ArrayPool<byte>.Shared.Return(_block.Bytes);
            _block = new Block(0, [], 0);
            _position = _length;
        }

        base.Dispose(disposing);
    }

    private int Copy(Span<byte> buffer)
    {
        int at = (int)(_position - _block.Offset);
        int some = Math.Min(buffer.Length, _block.Count - at);
        _block.Bytes.AsSpan(at, some).CopyTo(buffer);
        _position += some;
        return some;
    }

    private async Task TakeAsync(CancellationToken cancellationToken)
    {
        bool isForward = _position == _block.Offset + _block.Count;
        Task<Block>? next = _nextOffset == _position ? _next : null;
        _next = null;
        Block block = await (next ?? FetchAsync(_position)).WaitAsync(cancellationToken);
        ArrayPool<byte>.Shared.Return(_block.Bytes);
        _block = block;
        if (isForward && block.Offset + block.Count < _length)
        {
            _nextOffset = block.Offset + block.Count;
            _next = FetchAsync(_nextOffset);
            _ = _next.ContinueWith(
                static failed => _ = failed.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    private async Task<Block> FetchAsync(long offset)
    {
        int wanted = (int)Math.Min(_requests.BlockBytes, _length - offset);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(wanted);
        BlobPart part = await _requests.ReadAsync(_address, offset, bytes.AsMemory(0, wanted), _tag, _disposed.Token);
        return part.Count == wanted
            ? new Block(offset, bytes, wanted)
            : throw new IOException(
                $"'{_address}' ended at byte {offset + part.Count} when {_length} bytes were to be read.");
    }

    private readonly record struct Block(long Offset, byte[] Bytes, int Count)
    {
        public bool Has(long position) => position >= Offset && position < Offset + Count;
    }
}
