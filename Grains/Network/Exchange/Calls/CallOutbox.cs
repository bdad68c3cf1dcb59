using System.Buffers;
using Millrace.Tasks;

namespace Millrace.Network.Exchange.Calls;

/// <summary>Writes to the other end of a connection: cuts bytes into payloads, and keeps a window of calls in flight.
/// One writer at a time.</summary>
/// <param name="connection">The connection.</param>
/// <param name="there">The exchange of the other silo.</param>
/// <param name="lost">Told once when the other silo cannot be reached; from any thread.</param>
internal sealed class CallOutbox(ExchangeConnectionId connection, IExchangeGrain there, Action<Exception> lost)
{
    // A call that was turned away on its way, as while the grain moves, may come through the next time.
    private const int Attempts = 3;

    private readonly AsyncSignal _signal = new();
    private byte[]? _payload;
    private int _length;
    private int _inFlight;
    private long _payloads;
    private Exception? _broken;

    /// <summary>How many payloads were written; null when not all of them will arrive.</summary>
    public long? Payloads => Volatile.Read(ref _broken) is null ? _payloads : null;

    /// <summary>Writes all bytes of all parts, in order. When it returns, they need not have arrived.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
    {
        for (int i = 0; i < parts.Count; i++)
        {
            ReadOnlyMemory<byte> rest = parts[i];
            while (rest.Length > 0)
            {
                rest = rest[Append(rest.Span)..];
                if (_length == IExchangeGrain.MaxPayloadBytes)
                {
                    await SendAsync(cancellationToken);
                }
            }
        }

        if (_length > 0)
        {
            await SendAsync(cancellationToken);
        }
    }

    /// <summary>Ends what waits, and what is written from now on. The first reason counts.</summary>
    public void Break(Exception reason)
    {
        Interlocked.CompareExchange(ref _broken, reason, null);
        _signal.Raise();
    }

    private int Append(ReadOnlySpan<byte> bytes)
    {
        _payload ??= ArrayPool<byte>.Shared.Rent(IExchangeGrain.MaxPayloadBytes);
        int now = Math.Min(bytes.Length, IExchangeGrain.MaxPayloadBytes - _length);
        bytes[..now].CopyTo(_payload.AsSpan(_length));
        _length += now;
        return now;
    }

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _inFlight) == IExchangeGrain.Window)
        {
            await WaitForRoomAsync(cancellationToken);
        }

        ThrowIfBroken();
        byte[] payload = _payload!;
        ReadOnlyMemory<byte> bytes = payload.AsMemory(0, _length);
        _payload = null;
        _length = 0;
        Interlocked.Increment(ref _inFlight);

        // It observes itself: whatever goes wrong breaks the connection.
        _ = CallAsync(_payloads++, payload, bytes);
    }

    private async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration canceled = cancellationToken.UnsafeRegister(
            static signal => ((AsyncSignal)signal!).Raise(), _signal);
        while (Volatile.Read(ref _inFlight) == IExchangeGrain.Window)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ThrowIfBroken();
            await _signal.WaitAsync();
        }
    }

    private async Task CallAsync(long number, byte[] payload, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            if (await TryCallAsync(number, bytes))
            {
                ArrayPool<byte>.Shared.Return(payload);
            }
            else
            {
                Break(new IOException("The other end has closed the connection."));
            }
        }
#pragma warning disable CA1031 // Whatever it is, it ends this connection. The payload may still be read: no reuse.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Break(exception);
            lost(exception);
        }

        Interlocked.Decrement(ref _inFlight);
        _signal.Raise();
    }

    private async Task<bool> TryCallAsync(long number, ReadOnlyMemory<byte> bytes)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await there.WriteAsync(connection, number, bytes);
            }
            catch (OrleansMessageRejectionException) when (attempt < Attempts)
            {
            }
        }
    }

    private void ThrowIfBroken()
    {
        if (Volatile.Read(ref _broken) is Exception broken)
        {
            throw new IOException(broken.Message, broken);
        }
    }
}
