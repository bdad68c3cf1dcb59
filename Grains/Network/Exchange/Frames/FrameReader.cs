using Millrace.Execution;

namespace Millrace.Network.Exchange.Frames;

/// <summary>The reading side of a connection: reads much at once, and cuts it into frames that stay where they
/// are.</summary>
internal sealed class FrameReader(ITransportConnection connection, int bufferBytes, BufferAccount account) : IDisposable
{
    // Reads of less are not worth a system call.
    private const int LeastRead = 16 << 10;

    private NetworkBuffer _buffer = NetworkBuffer.Rent(bufferBytes, account);
    private int _start;
    private int _end;

    /// <summary>The block in which the present frame stands. Retain it to keep the frame.</summary>
    public NetworkBuffer Buffer => _buffer;

    /// <summary>Reads more.</summary>
    /// <returns>False when the other end has closed the connection.</returns>
    /// <exception cref="ExchangeProtocolException">It was closed within a frame.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        MakeRoom();
        int read = await connection.ReadAsync(_buffer.Bytes.AsMemory(_end), cancellationToken);
        _end += read;
        if (read == 0 && _end > _start)
        {
            throw new ExchangeProtocolException($"it ends within a frame, after {_end - _start} bytes of that");
        }

        return read > 0;
    }

    /// <summary>The next frame of what was read.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="offset">Where what follows the header begins in <see cref="Buffer"/>.</param>
    /// <exception cref="ExchangeProtocolException">No frame begins here.</exception>
    public bool TryRead(out FrameHeader header, out int offset)
    {
        header = default;
        offset = _start + FrameHeader.Bytes;
        if (_end < offset)
        {
            return false;
        }

        header = FrameHeader.Read(_buffer.Bytes.AsSpan(_start));
        if (_end - offset < header.Length)
        {
            return false;
        }

        _start = offset + header.Length;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Release();

    // A frame begun stays in one piece: it moves to the front, of this block or, when somebody still reads that, of
    // another.
    private void MakeRoom()
    {
        int begun = _end - _start;
        byte[] bytes = _buffer.Bytes;
        bool isExclusive = _buffer.IsExclusive;
        if (begun == 0 && isExclusive)
        {
            _start = _end = 0;
        }

        int needed = begun == 0 ? 0 : FrameHeader.MaxFrameBytes - begun;
        if (bytes.Length - _end >= Math.Max(needed, LeastRead))
        {
            return;
        }

        NetworkBuffer next = isExclusive ? _buffer : NetworkBuffer.Rent(bufferBytes, account);
        System.Buffer.BlockCopy(bytes, _start, next.Bytes, 0, begun);
        if (!isExclusive)
        {
            _buffer.Release();
            _buffer = next;
        }

        _start = 0;
        _end = begun;
    }
}
