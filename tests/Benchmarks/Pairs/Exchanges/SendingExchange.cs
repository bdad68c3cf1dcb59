using System.Globalization;
using Millrace.Measuring;

namespace Millrace.Pairs.Exchanges;

/// <summary>Runs programs whose sources are in this process and whose sinks are in the other.</summary>
internal sealed class SendingExchange : IDisposable
{
    private readonly Pair _pair;
    private readonly ExchangeEnd _end;
    private readonly string _peer;
    private int _runs;

    /// <summary>Prepares both processes.</summary>
    /// <param name="pair">The processes.</param>
    /// <param name="identity">As <see cref="PairIdentity.Create"/> makes it: connections are encrypted. Null: they are
    /// not.</param>
    public SendingExchange(Pair pair, string? identity = null)
    {
        _pair = pair;
        _end = new ExchangeEnd(0, identity is null ? null : PairIdentity.Read(identity));
        _peer = identity is null ? pair.Peer.Ask("exchange", "open") : pair.Peer.Ask("exchange", "open", identity);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="size">How much of it.</param>
    /// <param name="units">Work that is.</param>
    /// <param name="outcome">What its sink came to.</param>
    public Sample Run(string name, int size, double units, out string outcome)
    {
        RemoteProgram program = RemoteProgram.Create(name, size);
        string number = (++_runs).ToString(CultureInfo.InvariantCulture);
        _pair.Peer.Ask(
            "exchange", "deploy", name, size.ToString(CultureInfo.InvariantCulture), number, _end.EndPoint);
        _end.Deploy(program, _runs, _end.EndPoint, _peer);
        string sum = "";
        Sample sample = _pair.Measure(units, () =>
        {
            _pair.Peer.Tell("exchange", "run");
            _end.Run();
            sum = _pair.Peer.Answer("run");
        });
        outcome = sum;
        return sample;
    }

    /// <inheritdoc/>
    public void Dispose() => _end.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
