using Millrace.Execution;

namespace Millrace.Network.Exchange.Tls;

/// <summary>A connection as the stream that TLS works on. Only asynchronous. Keeps what came first.</summary>
internal sealed class ConnectionStream(ITransportConnection connection) : Stream
{
    private const int KeptBytes = 3;

    private readonly byte[] _first = new byte[KeptBytes];
    private int _firstLength;

    /// <summary>The first bytes that were read, three at most.</summary>
    public ReadOnlySpan<byte> First => _first.AsSpan(0, _firstLength);

    /// <summary>What the connection itself broke with, if it did.</summary>
    public IOException? Broken { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // TLS asks for nothing before it asks for something: no bytes would mean the end to it.
        if (buffer.IsEmpty)
        {
            return 0;
        }

        try
        {
            int read = await connection.ReadAsync(buffer, cancellationToken);
            if (_firstLength < KeptBytes)
            {
                int kept = Math.Min(read, KeptBytes - _firstLength);
                buffer.Span[..kept].CopyTo(_first.AsSpan(_firstLength));
                _firstLength += kept;
            }

            return read;
        }
        catch (IOException exception)
        {
            Broken = exception;
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await connection.WriteAsync([buffer], cancellationToken);
        }
        catch (IOException exception)
        {
            Broken = exception;
            throw;
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
