using Millrace.Execution;
using Millrace.Tasks;

namespace Millrace.Network.Exchange.Calls;

/// <summary>One end of a connection that is made of grain calls.</summary>
internal sealed class CallConnection : ITransportConnection
{
    private readonly CallInbox _inbox = new();
    private readonly CallOutbox _outbox;
    private readonly IExchangeGrain _there;
    private readonly Action<CallConnection> _forget;
    private int _closed;

    /// <param name="id">The same at both ends.</param>
    /// <param name="silo">The silo of the other end.</param>
    /// <param name="there">Its exchange.</param>
    /// <param name="forget">Told once when this end is closed.</param>
    public CallConnection(
        ExchangeConnectionId id, string silo, IExchangeGrain there, Action<CallConnection> forget)
    {
        Id = id;
        RemoteName = silo;
        _there = there;
        _forget = forget;
        _outbox = new CallOutbox(id, there, Break);
    }

    /// <summary>The same at both ends.</summary>
    public ExchangeConnectionId Id { get; }

    /// <summary>The silo of the other end.</summary>
    public string RemoteName { get; }

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        _inbox.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public ValueTask WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken) =>
        _outbox.WriteAsync(parts, cancellationToken);

    /// <summary>The other end has written. From any thread.</summary>
    /// <returns>Ends when it has been read; false when it never will be.</returns>
    public Task<bool> ReceiveAsync(long number, ReadOnlyMemory<byte> payload) => _inbox.AddAsync(number, payload);

    /// <summary>The other end is closed. From any thread.</summary>
    /// <param name="payloads">What it wrote; null when not all of that will arrive.</param>
    public void CloseByOther(long? payloads)
    {
        if (payloads is long written)
        {
            _inbox.End(written);
            return;
        }

        Break(new IOException("the other end lost the connection"));
    }

    /// <summary>The other silo is gone, or cannot be reached. From any thread.</summary>
    public void Break(Exception reason)
    {
        IOException broken = new($"The connection to {RemoteName} broke: {reason.Message}", reason);
        _outbox.Break(broken);
        _inbox.Break(broken);
    }

    /// <summary>Closes this end. What was written before still arrives.</summary>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            long? payloads = _outbox.Payloads;
            Break(new ObjectDisposedException(nameof(CallConnection)));
            _forget(this);

            // Not waited for: the other silo may be the reason why this end is closed.
            _ = SayAsync(payloads);
        }

        return ValueTask.CompletedTask;
    }

    private async Task SayAsync(long? payloads)
    {
        try
        {
            await _there.CloseAsync(Id, payloads);
        }
#pragma warning disable CA1031 // Who cannot be told is gone, or finds out by the silence.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
