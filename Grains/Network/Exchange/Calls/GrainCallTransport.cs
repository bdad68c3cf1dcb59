using System.Collections.Concurrent;
using System.Net;
using Millrace.Execution;
using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Network.Exchange.Calls;

/// <summary>Connections made of calls to the grain of the other silo's exchange, for hosts that give a silo one port.
/// One per silo. Thread-safe.</summary>
/// <remarks>
/// A connection is two ordered pipes of bytes. Each is written by calls to the reader's silo, a window of them in
/// flight, and a call is answered when its bytes have been read: that bounds what waits on either side. A silo that the
/// cluster declares dead breaks its connections at once.
/// </remarks>
internal sealed class GrainCallTransport : ITransport, ISiloStatusListener
{
    private readonly ConcurrentDictionary<ExchangeConnectionId, CallConnection> _connections = new();
    private readonly IGrainFactory _grains;
    private readonly string _silo;
    private readonly Func<Guid> _newId;
    private CallListener? _listener;

    /// <param name="grains">The cluster.</param>
    /// <param name="silo">This silo, as <c>SiloAddress.ToParsableString()</c> writes it.</param>
    /// <param name="cluster">Tells which silos are dead.</param>
    /// <param name="newId">Makes ids that nobody can guess: who knows one could write to a connection after its two
    /// ends have proved who they are.</param>
    public GrainCallTransport(IGrainFactory grains, string silo, ISiloStatusOracle cluster, Func<Guid> newId)
    {
        _grains = grains;
        _silo = silo;
        _newId = newId;
        cluster.SubscribeToSiloStatusEvents(this);
    }

    /// <summary>What it says of itself: <see cref="IExchangeGrain.Version"/>.</summary>
    public int Version { get; init; } = IExchangeGrain.Version;

    /// <summary>Connections whose end here is open.</summary>
    public int Connections => _connections.Count;

    /// <summary>Accepts connections at the silo's own address, whatever is asked for.</summary>
    /// <param name="endPoint">Not used.</param>
    /// <exception cref="IOException">Somebody listens already.</exception>
    public ITransportListener Listen(EndPoint endPoint)
    {
        CallListener listener = new(new GrainCallEndPoint(_silo), closed =>
            Interlocked.CompareExchange(ref _listener, null, closed));
        return Interlocked.CompareExchange(ref _listener, listener, null) is null
            ? listener
            : throw new IOException($"Silo {_silo} accepts the connections of other silos already.");
    }

    /// <inheritdoc/>
    public async ValueTask<ITransportConnection> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        string silo = ((GrainCallEndPoint)endPoint).Silo;
        ExchangeConnectionId id = new(Id128.Of(_newId()));
        CallConnection connection = new(id, silo, _grains.Exchange(silo), Forget);
        _connections[id] = connection;
        try
        {
            // The call may outlive the wait for it, when the other silo hangs.
            Task<ExchangeAnswer> call = _grains.Exchange(silo).OpenAsync(id, _silo, Version, cancellationToken);
            ExchangeAnswer answer = await call.WaitAsync(cancellationToken);
            if (answer.Version != Version)
            {
                throw new ExchangeRefusedException(
                    $"Silo {silo} speaks version {answer.Version} of the exchange by grain calls, not {Version} as "
                    + $"silo {_silo} does: both must run the same version of Millrace.");
            }

            return answer.IsOpen
                ? connection
                : throw new IOException($"Silo {silo} takes no connections by grain calls at present.");
        }
        catch (Exception exception)
        {
            await connection.DisposeAsync();
            if (exception is OperationCanceledException or IOException or ExchangeRefusedException)
            {
                throw;
            }

            throw new IOException($"Silo {silo} cannot be called: {exception.Message}", exception);
        }
    }

    /// <summary>Another silo opens a connection.</summary>
    public ExchangeAnswer Accept(ExchangeConnectionId id, string silo, int version) =>
        new(version == Version && Accept(id, silo), Version);

    /// <summary>The other end of a connection has written.</summary>
    /// <returns>Ends when it has been read; false when it never will be.</returns>
    public Task<bool> ReceiveAsync(ExchangeConnectionId id, long number, ReadOnlyMemory<byte> payload) =>
        _connections.TryGetValue(id, out CallConnection? connection)
            ? connection.ReceiveAsync(number, payload)
            : Task.FromResult(false);

    /// <summary>The other end of a connection is closed.</summary>
    public void CloseByOther(ExchangeConnectionId id, long? payloads)
    {
        if (_connections.TryGetValue(id, out CallConnection? connection))
        {
            connection.CloseByOther(payloads);
        }
    }

    /// <inheritdoc/>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status != SiloStatus.Dead)
        {
            return;
        }

        string silo = updatedSilo.ToParsableString();
        foreach (CallConnection connection in _connections.Values.Where(connection => connection.RemoteName == silo))
        {
            connection.Break(new IOException("the cluster has declared it dead"));
        }
    }

    private bool Accept(ExchangeConnectionId id, string silo)
    {
        CallConnection connection = new(id, silo, _grains.Exchange(silo), Forget);
        if (!_connections.TryAdd(id, connection))
        {
            // The same call once more, or a number that is taken; the owner of the first one proves who it is.
            return _connections.TryGetValue(id, out CallConnection? known) && known.RemoteName == silo;
        }

        if (Volatile.Read(ref _listener)?.Offer(connection) == true)
        {
            return true;
        }

        Forget(connection);
        return false;
    }

    private void Forget(CallConnection connection) =>
        _connections.TryRemove(KeyValuePair.Create(connection.Id, connection));
}
