using Millrace.Measuring;

namespace Millrace.Pairs;

/// <summary>This process, which sends, and a second one, which receives.</summary>
internal sealed class Pair : IDisposable
{
    /// <summary>The second process.</summary>
    public Peer Peer { get; } = new();

    /// <summary>Measures a run; processor time is that of both processes.</summary>
    /// <param name="units">Work it does.</param>
    /// <param name="run">The run; nothing else is going on in either process.</param>
    public Sample Measure(double units, Action run)
    {
        Peer.Ask("measure");
        Sample here = Sample.Of(units, run);
        return here with { Processor = here.Processor + ProcessorMeter.Parse(Peer.Ask("used")) };
    }

    /// <inheritdoc/>
    public void Dispose() => Peer.Dispose();
}
