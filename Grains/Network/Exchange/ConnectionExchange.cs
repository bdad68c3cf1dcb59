using System.Net;
using Microsoft.Extensions.Logging;
using Millrace.Execution;
using Millrace.Network.Exchange.Connections;
using Millrace.Network.Exchange.Frames;

namespace Millrace.Network.Exchange;

/// <summary>The exchange over connections: one for each ordered pair of silos, opened when first needed.</summary>
internal sealed class ConnectionExchange : IExchange
{
    private readonly IExecution _execution;
    private readonly ExchangeIdentity _self;
    private readonly ILogger<ConnectionExchange> _logger;
    private readonly ITransportListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();

    // Under the lock.
    private readonly Dictionary<ChannelId, IncomingChannel> _expected = [];
    private readonly Dictionary<EndPoint, OutgoingConnection> _outgoing = [];
    private readonly Dictionary<ExchangeConnection, Task> _running = [];
    private bool _stopped;
    private int _connections;

    private readonly Task _accepting;
    private readonly Task _beating;

    /// <summary>Listens from now on.</summary>
    /// <exception cref="IOException">The address or port is not to be had.</exception>
    public ConnectionExchange(
        IExecution execution, ExchangeOptions options, ExchangeIdentity self, ILogger<ConnectionExchange> logger)
    {
        IPAddress address = AddressOf(options);
        RequireSecret(options, options.Transport == ExchangeTransport.GrainCalls ? AddressOf(self) : address);
        _execution = execution;
        _self = self;
        _logger = logger;
        Options = options;
        _listener = execution.Transport.Listen(new IPEndPoint(address, options.Port));
        logger.Listening(EndPoint);
        _accepting = execution.RunAsync(AcceptAsync);
        _beating = execution.RunAsync(BeatAsync);
    }

    /// <inheritdoc/>
    public EndPoint EndPoint => _listener.EndPoint;

    /// <inheritdoc/>
    public ExchangeOptions Options { get; }

    /// <inheritdoc/>
    public TimeProvider Time => _execution.Time;

    /// <inheritdoc/>
    public BufferAccount Buffers { get; } = new();

    /// <inheritdoc/>
    public int Connections => Volatile.Read(ref _connections);

    /// <inheritdoc/>
    public void Expect(IncomingChannel channel)
    {
        lock (_lock)
        {
            if (!_expected.TryAdd(channel.Id, channel))
            {
                throw new InvalidOperationException(
                    $"Channel {channel.Id} has its consumer already; an attempt is deployed once.");
            }
        }
    }

    /// <inheritdoc/>
    public void Forget(IncomingChannel channel)
    {
        lock (_lock)
        {
            if (_expected.TryGetValue(channel.Id, out IncomingChannel? expected) && expected == channel)
            {
                _expected.Remove(channel.Id);
            }
        }
    }

    /// <inheritdoc/>
    public void Open(OutgoingChannel channel, EndPoint silo)
    {
        ExchangeEndPoint.RequireSameWay(EndPoint, silo);
        ConnectionTo(silo).Open(channel);
    }

    /// <summary>The channel of that id, if it is expected; from now on it is no longer.</summary>
    public IncomingChannel? TakeExpected(ChannelId id)
    {
        lock (_lock)
        {
            _expected.Remove(id, out IncomingChannel? channel);
            return channel;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_lock)
        {
            if (_stopped)
            {
                return;
            }

            _stopped = true;
            running = [.. _running.Values];
            foreach (ExchangeConnection connection in _running.Keys)
            {
                connection.Break(new IOException("this silo stops"));
            }
        }

        _stop.Cancel();
        await _listener.DisposeAsync();
        await Task.WhenAll([_accepting, _beating, .. running]);
        _stop.Dispose();
    }

    private static IPAddress AddressOf(ExchangeOptions options)
    {
        if (!IPAddress.TryParse(options.Address, out IPAddress? address))
        {
            throw new ArgumentException(
                $"Millrace:Exchange:Address is '{options.Address}'; an IP address is needed.", nameof(options));
        }

        return address;
    }

    // Where grain calls reach the silo.
    private static IPAddress AddressOf(ExchangeIdentity self) =>
        IPEndPoint.TryParse(self.Silo[..Math.Max(0, self.Silo.LastIndexOf('@'))], out IPEndPoint? endPoint)
            ? endPoint.Address
            : IPAddress.Any;

    private static void RequireSecret(ExchangeOptions options, IPAddress reachedAt)
    {
        if (options.ClusterSecret.Length == 0 && !IPAddress.IsLoopback(reachedAt))
        {
            throw new ArgumentException(
                $"Millrace:Exchange:ClusterSecret is empty, and other machines reach {reachedAt}: set one.",
                nameof(options));
        }
    }

    private OutgoingConnection ConnectionTo(EndPoint silo)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            if (_outgoing.TryGetValue(silo, out OutgoingConnection? known) && known.Broken is null)
            {
                return known;
            }

            OutgoingConnection made = new(_execution, Options, Buffers, silo, _logger);
            _outgoing[silo] = made;
            Run(made, () => made.RunAsync(_self));
            return made;
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                ITransportConnection? connection = await _listener.AcceptAsync(_stop.Token);
                if (connection is null)
                {
                    return;
                }

                Welcome(connection);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (IOException exception)
            {
                // Out of handles, perhaps: later there may be some.
                _logger.CannotAccept(exception);
                await _execution.DelayAsync(Options.HeartbeatInterval, CancellationToken.None);
            }
        }
    }

    private void Welcome(ITransportConnection connection)
    {
        lock (_lock)
        {
            IncomingConnection incoming = new(this, _execution, connection, _logger);
            if (_stopped)
            {
                incoming.Break(new IOException("this silo stops"));
            }

            Run(incoming, () => incoming.RunAsync(_self));
        }
    }

    // Under the lock, so that the connection is known before it can end.
    private void Run(ExchangeConnection connection, Func<Task> run)
    {
        _running[connection] = _execution.RunAsync(async () =>
        {
            await run();

            // Whoever waits for the end may take his time, and others are read on the thread that ended it.
            await Task.Yield();
            Ended(connection);
        });
        _connections = _running.Count;
    }

    private void Ended(ExchangeConnection connection)
    {
        lock (_lock)
        {
            _running.Remove(connection);
            _connections = _running.Count;
            foreach ((EndPoint silo, OutgoingConnection outgoing) in _outgoing)
            {
                if (outgoing == connection)
                {
                    _outgoing.Remove(silo);
                    break;
                }
            }
        }
    }

    private async Task BeatAsync()
    {
        try
        {
            while (true)
            {
                await _execution.DelayAsync(Options.HeartbeatInterval, _stop.Token);
                ExchangeConnection[] connections;
                lock (_lock)
                {
                    connections = [.. _running.Keys];
                }

                foreach (ExchangeConnection connection in connections)
                {
                    connection.Tick();
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
