using Millrace.Tasks;

namespace Millrace.Network.Exchange.Calls;

/// <summary>What the other end of a connection has written, in order, until it is read. Calls add from any thread; one
/// reader at a time takes.</summary>
/// <remarks>A call is answered when its payload has been read, so no more than a window of them is ever here.</remarks>
internal sealed class CallInbox
{
    private static readonly Task<bool> Read = Task.FromResult(true);
    private static readonly Task<bool> Closed = Task.FromResult(false);

    private readonly AsyncSignal _signal = new();
    private readonly Lock _lock = new();

    // Under the lock. By number modulo the window.
    private readonly Arrival?[] _arrivals = new Arrival?[IExchangeGrain.Window];
    private long _next;
    private int _readOfNext;
    private long _end = long.MaxValue;
    private Exception? _broken;

    /// <summary>Adds a payload.</summary>
    /// <param name="number">Its number; one that came before is only answered again.</param>
    /// <param name="payload">It belongs to the inbox from now on.</param>
    /// <returns>Ends when it has been read; false when it never will be.</returns>
    public Task<bool> AddAsync(long number, ReadOnlyMemory<byte> payload)
    {
        Arrival arrival;
        lock (_lock)
        {
            if (_broken is not null)
            {
                return Closed;
            }

            if (number >= 0 && number < _next)
            {
                return Read;
            }

            if (WhyImpossible(number, payload.Length) is string reason)
            {
                BreakUnderLock(new IOException(reason));
                return Closed;
            }

            arrival = _arrivals[number % IExchangeGrain.Window] ??= new Arrival(payload);
        }

        _signal.Raise();
        return arrival.HasBeenRead.Task;
    }

    /// <summary>Nothing comes after so many payloads.</summary>
    public void End(long payloads)
    {
        lock (_lock)
        {
            _end = payloads;
            if (payloads < _next || payloads > _next + IExchangeGrain.Window)
            {
                BreakUnderLock(new IOException($"The other end closed after {payloads} payloads; {_next} were read."));
            }
        }

        _signal.Raise();
    }

    /// <summary>Drops what is here and what still comes; the reader is told. The first reason counts.</summary>
    public void Break(Exception reason)
    {
        lock (_lock)
        {
            BreakUnderLock(reason);
        }
    }

    /// <summary>Reads what is there, at least one byte.</summary>
    /// <returns>Number of bytes; zero after the end.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return TryRead(buffer.Span) is int read
            ? ValueTask.FromResult(read)
            : WaitAndReadAsync(buffer, cancellationToken);
    }

    private async ValueTask<int> WaitAndReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration canceled = cancellationToken.UnsafeRegister(
            static signal => ((AsyncSignal)signal!).Raise(), _signal);
        while (true)
        {
            await _signal.WaitAsync();
            cancellationToken.ThrowIfCancellationRequested();
            if (TryRead(buffer.Span) is int read)
            {
                return read;
            }
        }
    }

    private int? TryRead(Span<byte> buffer)
    {
        lock (_lock)
        {
            if (_broken is Exception broken)
            {
                throw new IOException(broken.Message, broken);
            }

            int read = 0;
            while (read < buffer.Length && _arrivals[_next % IExchangeGrain.Window] is Arrival arrival)
            {
                ReadOnlySpan<byte> rest = arrival.Payload.Span[_readOfNext..];
                int now = Math.Min(rest.Length, buffer.Length - read);
                rest[..now].CopyTo(buffer[read..]);
                read += now;
                _readOfNext += now;
                if (now == rest.Length)
                {
                    arrival.HasBeenRead.SetResult(true);
                    _arrivals[_next % IExchangeGrain.Window] = null;
                    _next++;
                    _readOfNext = 0;
                }
            }

            return read > 0 ? read : _next == _end ? 0 : null;
        }
    }

    private string? WhyImpossible(long number, int length)
    {
        if (length is < 1 or > IExchangeGrain.MaxPayloadBytes)
        {
            return $"The other end wrote {length} bytes at once; 1 to {IExchangeGrain.MaxPayloadBytes} are allowed.";
        }

        long end = Math.Min(_end, _next + IExchangeGrain.Window);
        return number < 0 || number >= end
            ? $"The other end wrote payload {number}; one from {_next} to {end - 1} may come."
            : null;
    }

    private void BreakUnderLock(Exception reason)
    {
        if (_broken is not null)
        {
            return;
        }

        _broken = reason;
        foreach (Arrival? arrival in _arrivals)
        {
            arrival?.HasBeenRead.SetResult(false);
        }

        Array.Clear(_arrivals);
        _signal.Raise();
    }

    private sealed class Arrival(ReadOnlyMemory<byte> payload)
    {
        public ReadOnlyMemory<byte> Payload { get; } = payload;

        // Who waits is a grain's turn, which goes on by itself.
        public TaskCompletionSource<bool> HasBeenRead { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
