using System.Net.Sockets;
using System.Text;
using Millrace.Failures;

namespace Millrace.Connectors.Sockets;

/// <summary>Receives lines, connection after connection. Blocks; runs on a thread of its own.</summary>
internal sealed class SocketReceiver(
    SocketSplit server, SocketSourceOptions options, LineQueue lines, SourceReaderContext context)
{
    private const int BlockBytes = 64 << 10;
    private const byte LineFeed = (byte)'\n';

    // Cut and not yet handed on: together, so that the reader is woken once for all of them.
    private readonly string[] _cut = new string[256];
    private int _cutCount;
    private byte[] _bytes = new byte[BlockBytes];
    private int _count;

    /// <exception cref="SocketReadException">No connection can be made, or a line is too long.</exception>
    public void Run(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration stop = cancellationToken.Register(lines.Stop);
        int failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using Socket socket = Connect(cancellationToken);
                failures = 0;
                if (!Receive(socket, cancellationToken))
                {
                    return;
                }

                if (options.EndsWithConnection)
                {
                    lines.End();
                    context.Wake();
                    return;
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    return;
                }

                if (++failures >= options.ConnectAttempts)
                {
                    throw new SocketReadException(
                        server.ToString(),
                        FormattableString.Invariant($"{failures} tries failed, the last one with: {exception.Message}"),
                        Recovery.Restart,
                        exception);
                }
            }

            cancellationToken.WaitHandle.WaitOne(options.ReconnectDelay);
        }
    }

    private Socket Connect(CancellationToken cancellationToken)
    {
        _count = 0;
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        using CancellationTokenSource patience = new(options.ConnectTimeout, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using CancellationTokenRegistration giveUp = either.Token.Register(socket.Dispose);
        try
        {
            socket.Connect(server.Host, server.Port);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <returns>False when nobody reads any more.</returns>
    private bool Receive(Socket socket, CancellationToken cancellationToken)
    {
        // A read that waits is ended by closing the socket.
        using CancellationTokenRegistration stop = cancellationToken.Register(socket.Dispose);
        while (true)
        {
            if (_count == _bytes.Length)
            {
                Array.Resize(ref _bytes, 2 * _bytes.Length);
            }

            int received = socket.Receive(_bytes.AsSpan(_count));
            if (received == 0)
            {
                return _count == 0 || (Add(_bytes.AsSpan(0, _count)) && HandOn());
            }

            _count += received;
            if (!Cut())
            {
                return false;
            }
        }
    }

    private bool Cut()
    {
        ReadOnlySpan<byte> rest = _bytes.AsSpan(0, _count);
        for (int length = rest.IndexOf(LineFeed); length >= 0; length = rest.IndexOf(LineFeed))
        {
            if (!Add(rest[..length]))
            {
                return false;
            }

            rest = rest[(length + 1)..];
        }

        if (rest.Length > options.MaxLineBytes)
        {
            HandOn();
            throw TooLong();
        }

        rest.CopyTo(_bytes);
        _count = rest.Length;
        return HandOn();
    }

    private bool Add(ReadOnlySpan<byte> line)
    {
        if (line.Length > options.MaxLineBytes)
        {
            HandOn();
            throw TooLong();
        }

        _cut[_cutCount++] = Encoding.UTF8.GetString(line is [.. var text, (byte)'\r'] ? text : line);
        return _cutCount < _cut.Length || HandOn();
    }

    /// <summary>Hands on what was cut; waits while the reader has too much.</summary>
    /// <returns>False when nobody reads any more.</returns>
    private bool HandOn()
    {
        ReadOnlySpan<string> rest = _cut.AsSpan(0, _cutCount);
        while (!rest.IsEmpty)
        {
            int count = lines.Add(rest);
            if (count == 0)
            {
                return false;
            }

            context.Wake();
            rest = rest[count..];
        }

        Array.Clear(_cut, 0, _cutCount);
        _cutCount = 0;
        return true;
    }

    private SocketReadException TooLong() => new(
        server.ToString(),
        $"a line is longer than {options.MaxLineBytes} bytes. Raise {nameof(SocketSourceOptions)}."
        + $"{nameof(SocketSourceOptions.MaxLineBytes)} if such lines are wanted.",
        Recovery.Fail);
}
