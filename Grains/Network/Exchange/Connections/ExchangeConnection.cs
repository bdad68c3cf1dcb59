using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Millrace.Execution;
using Millrace.Network.Exchange.Frames;

namespace Millrace.Network.Exchange.Connections;

/// <summary>One connection to another silo, from when both have proved who they are until it breaks.</summary>
/// <remarks>
/// A reader, a writer and a heartbeat. Silence is counted in heartbeats, not in time, so that a process that stood
/// still first reads what had come meanwhile.
/// </remarks>
#pragma warning disable CA1001 // A source of cancellation without a timer holds nothing.
internal abstract class ExchangeConnection(IExecution execution, ExchangeOptions options, BufferAccount buffers)
#pragma warning restore CA1001
{
    private readonly ConnectionWriter _writer = new(execution);
    private readonly ConnectionFrames _own = new();
    private readonly CancellationTokenSource _stop = new();
    private Exception? _broken;
    private long _writesSeen;
    private long _reads;
    private long _readsSeen;
    private TimeSpan _silence;
    private bool _running;

    /// <summary>The other silo, for errors: its id and address as far as they are known.</summary>
    public abstract string Peer { get; }

    /// <summary>Why the connection broke, or null.</summary>
    public Exception? Broken => Volatile.Read(ref _broken);

    protected IExecution Execution { get; } = execution;

    protected ExchangeOptions Options { get; } = options;

    /// <summary>Canceled when the connection breaks.</summary>
    protected CancellationToken Stopped => _stop.Token;

    /// <summary>Says that a source has a frame to write. From any thread, after it has it.</summary>
    public void Announce(FrameSource source) => _writer.Announce(source);

    /// <summary>Breaks the connection; the first reason counts. From any thread.</summary>
    public void Break(Exception reason)
    {
        if (Interlocked.CompareExchange(ref _broken, reason, null) is null)
        {
            _stop.Cancel();
            _writer.Finish();
        }
    }

    /// <summary>Called once per <see cref="ExchangeOptions.HeartbeatInterval"/>.</summary>
    public void Tick()
    {
        if (!Volatile.Read(ref _running))
        {
            return;
        }

        if (_writer.Writes == _writesSeen)
        {
            Send(FrameType.Heartbeat, channel: 0, []);
        }

        _writesSeen = _writer.Writes;
        long reads = Volatile.Read(ref _reads);
        _silence = reads == _readsSeen ? _silence + Options.HeartbeatInterval : TimeSpan.Zero;
        _readsSeen = reads;
        if (_silence >= Options.HeartbeatTimeout)
        {
            Break(new TimeoutException($"no sign of life for {_silence.TotalSeconds:0.###} s"));
        }
    }

    /// <summary>Reads and writes until the connection breaks, which <see cref="Broken"/> then explains.</summary>
    protected async Task RunAsync(ITransportConnection connection)
    {
        Volatile.Write(ref _running, true);
        Task writing = Execution.RunAsync(() => WriteAsync(connection));
        try
        {
            await ReadAsync(connection);
        }
        catch (ExchangeProtocolException exception)
        {
            await SayWhyAsync(exception, writing);
            Break(exception);
        }
#pragma warning disable CA1031 // Whatever it is, it ends this connection, and its channels say so.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Break(exception);
        }

        await writing;
    }

    /// <summary>Puts a frame of the connection's own before those of its channels.</summary>
    protected void Send(FrameType type, uint channel, byte[] content)
    {
        _own.Add(new FrameHeader(type, FrameFlags.None, channel, content.Length), content);
        Announce(_own);
    }

    /// <summary>Handles a frame of a channel.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="buffer">Where it stands; retained by whoever keeps it.</param>
    /// <param name="offset">Where what follows the header begins.</param>
    /// <exception cref="ExchangeProtocolException">No silo sends that.</exception>
    protected abstract void Handle(FrameHeader header, NetworkBuffer buffer, int offset);

    /// <summary>Logs why it ended; nobody need look unless somebody still used it.</summary>
    protected void LogEnd(ILogger logger, int channels)
    {
        if (channels > 0)
        {
            logger.Lost(Peer, channels, Broken!.Message);
            return;
        }

        logger.Ended(Peer, Broken!.Message);
    }

    private async Task ReadAsync(ITransportConnection connection)
    {
        using FrameReader reader = new(connection, Options.ReceiveBufferBytes, buffers);
        while (await reader.FillAsync(Stopped))
        {
            Volatile.Write(ref _reads, _reads + 1);
            while (reader.TryRead(out FrameHeader header, out int offset))
            {
                switch (header.Type)
                {
                    case FrameType.Heartbeat:
                        break;
                    case FrameType.Error:
                        throw new IOException($"it ended the connection: "
                            + Reason.Of(reader.Buffer.Bytes.AsSpan(offset, header.Length)));
                    default:
                        Handle(header, reader.Buffer, offset);
                        break;
                }
            }
        }

        throw new IOException("it closed the connection");
    }

    private async Task WriteAsync(ITransportConnection connection)
    {
        try
        {
            await _writer.RunAsync(connection, Stopped);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Break(exception);
        }
    }

    // The other side should know what it did; if it does not listen, it is not told.
    private async Task SayWhyAsync(ExchangeProtocolException exception, Task writing)
    {
        Send(FrameType.Error, channel: 0, Reason.ToBytes(exception.Message));
        _writer.Finish();
        try
        {
            await writing.WaitAsync(Options.HeartbeatInterval, Execution.Time);
        }
        catch (TimeoutException)
        {
        }
    }

    /// <summary>Frames of the connection itself.</summary>
    private sealed class ConnectionFrames : FrameSource
    {
        private readonly ConcurrentQueue<(FrameHeader Header, byte[] Content)> _frames = new();

        public void Add(FrameHeader header, byte[] content) => _frames.Enqueue((header, content));

        public override bool TryWrite(FrameGather frames)
        {
            if (!_frames.TryDequeue(out (FrameHeader Header, byte[] Content) frame))
            {
                return false;
            }

            frame.Content.CopyTo(frames.Add(frame.Header));
            return true;
        }
    }
}
