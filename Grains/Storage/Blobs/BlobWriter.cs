using System.Buffers;
using System.Buffers.Binary;
using Millrace.Execution;
using Millrace.Execution.Files;

namespace Millrace.Storage.Blobs;

/// <summary>Writes one blob of any size, forward. Belongs to one thread at a time; a write blocks while the silo sends
/// as much as it may.</summary>
/// <remarks>What fits a block goes out by one request; more goes out in blocks, several at a time, which nobody sees
/// before <see cref="Complete"/> commits the list of them. Blocks of a writer that gave up are forgotten by the service
/// after a week.</remarks>
/// <param name="address">Where the blob is to be.</param>
/// <param name="requests">Send it.</param>
/// <param name="execution">Runs what is sent meanwhile.</param>
/// <param name="cancellationToken">Gives up.</param>
internal sealed class BlobWriter(
    string address, BlobRequests requests, IExecution execution, CancellationToken cancellationToken) : ForwardStream
{
    private const int MaxBlocks = 50_000;
    private const int FirstBufferBytes = 64 << 10;

    private readonly CancellationTokenSource _given =
        CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

    private readonly List<string> _blocks = [];
    private readonly List<Task> _sent = [];
    private readonly Guid _id = execution.NewId();
    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
    private int _filled;
    private Exception? _failure;

    public override void Flush()
    {
    }

    /// <summary>Makes the blob appear, whole. Blocks until it is there.</summary>
    /// <exception cref="IOException">It could not be written; it is not there, or what it was before.</exception>
    public void Complete()
    {
        ThrowIfFailed();
        cancellationToken.ThrowIfCancellationRequested();
        if (_blocks.Count == 0)
        {
            // Once it is on its way nobody could tell whether a canceled one has arrived.
            requests.TryPutAsync(
                address, _buffer.AsMemory(0, _filled), conditions: null, metadata: null, CancellationToken.None)
                .GetAwaiter().GetResult();
            return;
        }

        if (_filled > 0)
        {
            SendBlock();
        }

        Task.WhenAll(_sent).GetAwaiter().GetResult();
        ThrowIfFailed();
        requests.CommitAsync(address, _blocks, CancellationToken.None).GetAwaiter().GetResult();
    }

    protected override void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_filled == requests.BlockBytes)
            {
                SendBlock();
            }

            byte[] into = EnsureRoom(bytes.Length);
            int some = Math.Min(bytes.Length, Math.Min(into.Length, requests.BlockBytes) - _filled);
            bytes[..some].CopyTo(into.AsSpan(_filled));
            _filled += some;
            bytes = bytes[some..];
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _buffer is { } buffer)
        {
            _buffer = null;
            _given.Cancel();
            Task.WhenAll(_sent).GetAwaiter().GetResult();
            ArrayPool<byte>.Shared.Return(buffer);
            _given.Dispose();
        }

        base.Dispose(disposing);
    }

    // A small file is not to hold a whole block of memory.
    private byte[] EnsureRoom(int more)
    {
        byte[] buffer = _buffer ?? throw new ObjectDisposedException(nameof(BlobWriter));
        if (buffer.Length - _filled >= more || buffer.Length >= requests.BlockBytes)
        {
            return buffer;
        }

        int wanted = (int)Math.Min(requests.BlockBytes, Math.Max(2L * buffer.Length, (long)_filled + more));
        byte[] larger = ArrayPool<byte>.Shared.Rent(wanted);
        buffer.AsSpan(0, _filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        _buffer = larger;
        return larger;
    }

    private void SendBlock()
    {
        if (_blocks.Count == MaxBlocks)
        {
            throw new IOException(
                $"'{address}' has more than {MaxBlocks} blocks of {requests.BlockBytes} bytes; raise "
                + $"{AzureStorageOptions.Section}:{nameof(AzureStorageOptions.BlockBytes)}.");
        }

        try
        {
            requests.Blocks.Wait(_given.Token);
        }
        catch (OperationCanceledException)
        {
            ThrowIfFailed();
            throw;
        }

        string block = NameOf(_blocks.Count);
        byte[] bytes = _buffer!;
        int count = _filled;
        _blocks.Add(block);
        _sent.Add(execution.RunAsync(() => SendAsync(block, bytes, count)));
        _buffer = ArrayPool<byte>.Shared.Rent(requests.BlockBytes);
        _filled = 0;
    }

    private async Task SendAsync(string block, byte[] bytes, int count)
    {
        try
        {
            await requests.StageAsync(address, block, bytes.AsMemory(0, count), _given.Token);
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            Interlocked.CompareExchange(ref _failure, exception, null);
            await _given.CancelAsync();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            requests.Blocks.Release();
        }
    }

    // Two writers of one address, of which one is late and given up, share no block.
    private string NameOf(int number)
    {
        Span<byte> name = stackalloc byte[20];
        _id.TryWriteBytes(name);
        BinaryPrimitives.WriteInt32BigEndian(name[16..], number);
        return Convert.ToBase64String(name);
    }

    private void ThrowIfFailed()
    {
        if (Volatile.Read(ref _failure) is { } failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw failure is UnauthorizedAccessException
                ? new UnauthorizedAccessException(failure.Message, failure)
                : new IOException(failure.Message, failure);
        }
    }
}
