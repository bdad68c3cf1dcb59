using System.Net;
using Millrace.Execution;

namespace Millrace.Network;

/// <summary>A transport whose connections break or fall silent when a test says so, and are counted.
/// Thread-safe.</summary>
/// <param name="inner">Carries the bytes as long as nothing is wrong.</param>
public sealed class FaultyTransport(ITransport inner) : ITransport
{
    private readonly Lock _lock = new();
    private readonly HashSet<FaultyConnection> _open = [];
    private long _cutAfter = long.MaxValue;
    private long _written;
    private bool _silent;

    /// <summary>Connections, at either end, that are not disposed.</summary>
    public int Open
    {
        get
        {
            lock (_lock)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Bytes written to all connections.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>From now on nothing arrives, and nobody is told: a cable is out.</summary>
    public bool IsSilent
    {
        get => Volatile.Read(ref _silent);
        set => Volatile.Write(ref _silent, value);
    }

    /// <summary>Breaks a connection in the middle of the write by which this many more bytes are reached.</summary>
    public void CutAfter(long bytes) => Interlocked.Exchange(ref _cutAfter, Written + bytes);

    /// <summary>Breaks every connection that is open now.</summary>
    public async Task CutAllAsync()
    {
        FaultyConnection[] open;
        lock (_lock)
        {
            open = [.. _open];
        }

        foreach (FaultyConnection connection in open)
        {
            await connection.CutAsync();
        }
    }

    /// <inheritdoc/>
    public ITransportListener Listen(EndPoint endPoint) => new FaultyListener(this, inner.Listen(endPoint));

    /// <inheritdoc/>
    public async ValueTask<ITransportConnection> ConnectAsync(
        EndPoint endPoint, CancellationToken cancellationToken) =>
        Track(await inner.ConnectAsync(endPoint, cancellationToken));

    private FaultyConnection Track(ITransportConnection connection)
    {
        var tracked = new FaultyConnection(this, connection);
        lock (_lock)
        {
            _open.Add(tracked);
        }

        return tracked;
    }

    private sealed class FaultyListener(FaultyTransport transport, ITransportListener listener) : ITransportListener
    {
        public EndPoint EndPoint => listener.EndPoint;

        public async ValueTask<ITransportConnection?> AcceptAsync(CancellationToken cancellationToken) =>
            await listener.AcceptAsync(cancellationToken) is ITransportConnection connection
                ? transport.Track(connection)
                : null;

        public ValueTask DisposeAsync() => listener.DisposeAsync();
    }

    private sealed class FaultyConnection(FaultyTransport transport, ITransportConnection connection)
        : ITransportConnection
    {
        public string RemoteName => connection.RemoteName;

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            while (true)
            {
                int read = await connection.ReadAsync(buffer, cancellationToken);
                if (read == 0 || !transport.IsSilent)
                {
                    return read;
                }
            }
        }

        public async ValueTask WriteAsync(
            IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
        {
            byte[] all = [.. parts.SelectMany(part => part.ToArray())];
            long written = Interlocked.Add(ref transport._written, all.Length);
            long tooMany = written - Interlocked.Read(ref transport._cutAfter);
            if (tooMany < 0)
            {
                await connection.WriteAsync([all], cancellationToken);
                return;
            }

            Interlocked.Exchange(ref transport._cutAfter, long.MaxValue);
            int before = (int)Math.Max(0, all.Length - tooMany);
            await connection.WriteAsync([all.AsMemory(0, before)], cancellationToken);
            await CutAsync();
            throw new IOException("The connection was cut.");
        }

        public ValueTask CutAsync() => connection.DisposeAsync();

        public ValueTask DisposeAsync()
        {
            lock (transport._lock)
            {
                transport._open.Remove(this);
            }

            return connection.DisposeAsync();
        }
    }
}
