namespace Millrace.Execution.Files;

/// <summary>A stream that is written forward, and nothing else.</summary>
internal abstract class ForwardStream : Stream
{
    private long _written;

    public sealed override bool CanRead => false;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => true;

    public sealed override long Length => throw new NotSupportedException();

    /// <summary>Number of bytes written.</summary>
    public sealed override long Position
    {
        get => _written;
        set => throw new NotSupportedException();
    }

    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    public sealed override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public sealed override void Write(ReadOnlySpan<byte> buffer)
    {
        Append(buffer);
        _written += buffer.Length;
    }

    public sealed override Task WriteAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public sealed override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await AppendAsync(buffer, cancellationToken);
        _written += buffer.Length;
    }

    /// <summary>Writes bytes.</summary>
    protected abstract void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Writes bytes. By default it blocks, so that the writer stays on its thread.</summary>
    protected virtual ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Append(bytes.Span);
        return ValueTask.CompletedTask;
    }
}
