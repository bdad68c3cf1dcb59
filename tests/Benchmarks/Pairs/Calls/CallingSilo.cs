using Millrace.Measuring;

namespace Millrace.Pairs.Calls;

/// <summary>Sends bytes to the other process as arguments of grain calls.</summary>
internal sealed class CallingSilo : IDisposable
{
    /// <summary>Bytes of a call's argument.</summary>
    public const int PayloadBytes = 64 << 10;

    private const int InFlight = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Pair _pair;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("millrace-benchmarks-");
    private readonly SiloEnd _silo;
    private readonly IPayloadGrain _grain;
    private readonly byte[] _payload = new byte[PayloadBytes];

    /// <summary>Starts a silo in both processes.</summary>
    public CallingSilo(Pair pair)
    {
        _pair = pair;
        string there = pair.Peer.Ask("calls", "start", _directory.FullName);
        _silo = new SiloEnd(_directory.FullName);
        pair.Peer.Ask("calls", "own");
        _grain = _silo.Grains.GetGrain<IPayloadGrain>(ReceivingSilo.Grain);
        new Random(1).NextBytes(_payload);
        string where = _silo.Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(_grain).AsTask()
            .WaitAsync(Patience, TimeProvider.System).GetAwaiter().GetResult()!.ToParsableString();
        if (where != there)
        {
            throw new InvalidOperationException($"The grain to call is at {where}; it should be at {there}.");
        }
    }

    /// <summary>Makes so many calls, several of them at a time.</summary>
    public Sample Run(int calls) => _pair.Measure((double)calls * PayloadBytes, () =>
        Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => CallAsync(calls / InFlight)))
            .WaitAsync(Patience, TimeProvider.System).GetAwaiter().GetResult());

    /// <inheritdoc/>
    public void Dispose()
    {
        _silo.Dispose();
        _pair.Peer.Ask("calls", "stop");
        _directory.Delete(recursive: true);
    }

    private async Task CallAsync(int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            int taken = await _grain.TakeAsync(_payload);
            if (taken != PayloadBytes)
            {
                throw new InvalidOperationException($"{taken} of {PayloadBytes} bytes arrived.");
            }
        }
    }
}
