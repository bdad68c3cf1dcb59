using System.ComponentModel;
using System.Net;
using System.Net.Sockets;

namespace Millrace.Execution.Polling;

/// <summary>One TCP connection whose reader goes on with what has come on the thread that waits for it.</summary>
/// <remarks>
/// While much comes, the kernel reports it in larger lumps, or after a millisecond: of two wake-ups for each frame one
/// for several is left. After a turn that found little, whatever comes is reported at once.
/// </remarks>
internal sealed class PolledConnection : ITransportConnection
{
    // So many bytes since the last wait are a stream, in however many reads they came; so many are waited for then.
    private const int ManyBytes = 48 << 10;
    private const int LumpBytes = 192 << 10;

    // What is read without a wait; then other connections of the thread have their turn.
    private const int MaxTurnBytes = 1 << 20;

    private const Readiness Reading = Readiness.Read | Readiness.PeerClosed;

    private readonly Socket _socket;
    private readonly PollingThread _thread = PollingThread.Next();
    private readonly PolledSide _reading = new();
    private readonly PolledSide _writing = new();
    private readonly Lock _arming = new();
    private bool _isKnown;
    private bool _disposed;

    // The reader's.
    private long _wait;
    private int _turnBytes;
    private int _lowWater = 1;
    private bool _takesLowWater = true;
    private bool _mustWait;

    public PolledConnection(Socket socket, string remoteName)
    {
        _socket = socket;
        Handle = socket.SafeHandle;
        RemoteName = remoteName;

        // Whoever writes here has gathered what there is: nothing is gained by waiting for more.
        socket.NoDelay = true;
        Key = _thread.Add(this);
    }

    /// <inheritdoc/>
    public string RemoteName { get; }

    /// <summary>The socket.</summary>
    public SafeSocketHandle Handle { get; }

    /// <summary>Its number on its thread.</summary>
    public long Key { get; }

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nobody answers.</exception>
    public static async ValueTask<PolledConnection> ConnectAsync(
        Socket socket, IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        socket.Blocking = false;
        try
        {
            socket.Connect(endPoint);
        }
        catch (SocketException exception) when (exception.SocketErrorCode
            is SocketError.WouldBlock or SocketError.InProgress)
        {
            // It has begun.
        }

        PolledConnection connection = new(socket, endPoint.ToString());
        try
        {
            await connection.WaitAsync(connection._writing, cancellationToken);
            int error = (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
            return error == 0 ? connection : throw new SocketException(error);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            while (true)
            {
                if (!_mustWait && SocketCalls.Receive(Handle, buffer.Span) is >= 0 and int read)
                {
                    // What did not fill the buffer was all there is.
                    _turnBytes += read;
                    _mustWait = read > 0 && (read < buffer.Length || _turnBytes >= MaxTurnBytes);
                    return read;
                }

                Gather();
                await WaitAsync(_reading, cancellationToken);
                _mustWait = false;
                _turnBytes = 0;
            }
        }
        catch (Exception exception) when (exception is Win32Exception or ObjectDisposedException or SocketException)
        {
            throw Broken(exception);
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int part = 0;
        int sent = 0;
        return TrySend(parts, ref part, ref sent)
            ? ValueTask.CompletedTask
            : WriteRestAsync(parts, part, sent, cancellationToken);
    }

    /// <summary>The kernel has reported it. On its thread.</summary>
    public void Resume(Readiness kinds)
    {
        bool ends = (kinds & Readiness.Ended) != 0;
        bool canRead = ends || (kinds & Readiness.Read) != 0;
        bool canWrite = (kinds & (Readiness.Write | Readiness.Broken | Readiness.HungUp)) != 0;

        // Reported once for whatever it was armed: the other side is armed again.
        Arm(except: (canRead ? Reading : 0) | (canWrite ? Readiness.Write : 0));
        if (canWrite)
        {
            _writing.Resume(here: false);
        }

        if (canRead)
        {
            // What follows upon the end of a connection may take its time.
            _reading.Resume(here: !ends);
        }
    }

    /// <summary>A wait for much has lasted long enough. On its thread.</summary>
    public void ResumeOverdue(long wait)
    {
        if (wait == _wait && _reading.IsAwaited)
        {
            _reading.Resume(here: true);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            _thread.Remove(Key);
            _reading.Fail(new ObjectDisposedException(RemoteName));
            _writing.Fail(new ObjectDisposedException(RemoteName));
            _socket.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    // True when everything is sent.
    private bool TrySend(IReadOnlyList<ReadOnlyMemory<byte>> parts, ref int part, ref int sent)
    {
        try
        {
            // A call for each part: parts are large, small ones have been joined before.
            for (; part < parts.Count; part++, sent = 0)
            {
                ReadOnlySpan<byte> rest = parts[part].Span[sent..];
                while (rest.Length > 0)
                {
                    int taken = SocketCalls.Send(Handle, rest);
                    if (taken == SocketCalls.WouldWait)
                    {
                        return false;
                    }

                    sent += taken;
                    rest = rest[taken..];
                }
            }

            return true;
        }
        catch (Exception exception) when (exception is Win32Exception or ObjectDisposedException)
        {
            throw Broken(exception);
        }
    }

    private async ValueTask WriteRestAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> parts, int part, int sent, CancellationToken cancellationToken)
    {
        do
        {
            try
            {
                await WaitAsync(_writing, cancellationToken);
            }
            catch (Exception exception) when (exception is Win32Exception or ObjectDisposedException)
            {
                throw Broken(exception);
            }
        }
        while (!TrySend(parts, ref part, ref sent));
    }

    private ValueTask WaitAsync(PolledSide side, CancellationToken cancellationToken)
    {
        ValueTask wait = side.Begin(cancellationToken);
        if (Volatile.Read(ref _disposed))
        {
            side.Fail(new ObjectDisposedException(RemoteName));
            return wait;
        }

        Arm(except: Readiness.None);
        return wait;
    }

    // For all that somebody waits for: both sides have one entry in the kernel. Who comes second sees the first.
    private void Arm(Readiness except)
    {
        try
        {
            lock (_arming)
            {
                Readiness kinds = (_reading.IsAwaited ? Reading : 0) | (_writing.IsAwaited ? Readiness.Write : 0);
                kinds &= ~except;
                if (kinds != Readiness.None)
                {
                    _thread.Arm(this, kinds, isNew: !_isKnown);
                    _isKnown = true;
                }
            }
        }
        catch (Exception exception) when (exception is Win32Exception or ObjectDisposedException)
        {
            _reading.Fail(exception);
            _writing.Fail(exception);
        }
    }

    // Only where somebody ends the wait when too little comes.
    private void Gather()
    {
        bool isMany = _turnBytes >= ManyBytes && _thread.IsCurrent;
        int lowWater = isMany ? LumpBytes : 1;
        if (_lowWater != lowWater && _takesLowWater)
        {
            try
            {
                _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveLowWater, lowWater);
                _lowWater = lowWater;
            }
            catch (SocketException) when (_lowWater == 1)
            {
                // Not every system lets bytes gather: then each of them is reported.
                _takesLowWater = false;
            }
        }

        _wait++;
        if (isMany)
        {
            _thread.Limit(this, _wait);
        }
    }

    private IOException Broken(Exception exception) =>
        new($"The connection to {RemoteName} broke: {exception.Message}", exception);
}
