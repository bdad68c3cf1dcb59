using System.Net;
using Millrace.Execution;

namespace Millrace.Simulation;

/// <summary>Connections between simulated silos: bytes arrive in order, late, and in pieces of any size.</summary>
internal sealed class SimulatedTransport(SimulatedExecution simulation) : ITransport
{
    private readonly Dictionary<int, SimulatedListener> _listeners = [];
    private int _nextPort = 1;

    public ITransportListener Listen(EndPoint endPoint)
    {
        var asked = (IPEndPoint)endPoint;
        int port = asked.Port == 0 ? _nextPort++ : asked.Port;
        var listener = new SimulatedListener(new IPEndPoint(asked.Address, port), () => _listeners.Remove(port));
        _listeners.Add(port, listener);
        return listener;
    }

    public ValueTask<ITransportConnection> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        int port = ((IPEndPoint)endPoint).Port;
        if (!_listeners.TryGetValue(port, out SimulatedListener? listener))
        {
            throw new IOException($"Nobody listens at {endPoint}.");
        }

        var there = new SimulatedPipe(simulation);
        var back = new SimulatedPipe(simulation);
        listener.Offer(new SimulatedConnection("client", there, back));
        return ValueTask.FromResult<ITransportConnection>(
            new SimulatedConnection($"server {port}", back, there));
    }
}

/// <summary>Hands out the simulated connections that were opened to one port.</summary>
internal sealed class SimulatedListener(IPEndPoint endPoint, Action closed) : ITransportListener
{
    private readonly Queue<ITransportConnection> _offered = [];
    private TaskCompletionSource? _waiting;
    private bool _disposed;

    public EndPoint EndPoint => endPoint;

    public async ValueTask<ITransportConnection?> AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_offered.TryDequeue(out ITransportConnection? connection))
            {
                return connection;
            }

            if (_disposed)
            {
                return null;
            }

            _waiting = new TaskCompletionSource();
            using CancellationTokenRegistration canceled =
                cancellationToken.Register(() => _waiting?.TrySetCanceled(cancellationToken));
            await _waiting.Task;
        }
    }

    public void Offer(ITransportConnection connection)
    {
        _offered.Enqueue(connection);
        _waiting?.TrySetResult();
    }

    public ValueTask DisposeAsync()
    {
        _disposed = true;
        closed();
        _waiting?.TrySetResult();
        return ValueTask.CompletedTask;
    }
}

/// <summary>One end of a simulated connection.</summary>
internal sealed class SimulatedConnection(string remote, SimulatedPipe read, SimulatedPipe write) : ITransportConnection
{
    public string RemoteName => remote;

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        read.ReadAsync(buffer, cancellationToken);

    public ValueTask WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
    {
        foreach (ReadOnlyMemory<byte> part in parts)
        {
            write.Write(part.Span);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        read.Break();
        write.Close();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Bytes on their way in one direction.</summary>
internal sealed class SimulatedPipe(SimulatedExecution simulation)
{
    private readonly Queue<byte> _arrived = [];
    private readonly Queue<byte[]> _onTheWay = [];
    private TaskCompletionSource? _waiting;
    private bool _closed;
    private bool _broken;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_closed || _broken)
        {
            throw new IOException("The connection is closed.");
        }

        _onTheWay.Enqueue(bytes.ToArray());
        simulation.After(TimeSpan.FromMicroseconds(20 + simulation.Next(2_000)), Arrive);
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (_arrived.Count == 0)
        {
            if (_broken)
            {
                throw new IOException("The connection broke.");
            }

            if (_closed && _onTheWay.Count == 0)
            {
                return 0;
            }

            _waiting = new TaskCompletionSource();
            using CancellationTokenRegistration canceled =
                cancellationToken.Register(() => _waiting?.TrySetCanceled(cancellationToken));
            await _waiting.Task;
        }

        int count = Math.Min(buffer.Length, 1 + simulation.Next(_arrived.Count));
        for (int i = 0; i < count; i++)
        {
            buffer.Span[i] = _arrived.Dequeue();
        }

        return count;
    }

    public void Close()
    {
        _closed = true;
        _waiting?.TrySetResult();
    }

    public void Break()
    {
        _broken = true;
        _waiting?.TrySetResult();
    }

    // Whatever arrives is the oldest on the way: later bytes do not overtake.
    private void Arrive()
    {
        foreach (byte value in _onTheWay.Dequeue())
        {
            _arrived.Enqueue(value);
        }

        _waiting?.TrySetResult();
    }
}
