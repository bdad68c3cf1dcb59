using System.Globalization;
using Millrace.Contests;
using Millrace.Measuring;
using Millrace.Pairs;
using Millrace.Pairs.Exchanges;
using Millrace.Pairs.Sockets;

namespace Millrace.Latency;

/// <summary>Compares one percentile of the time that records take, in milliseconds.</summary>
/// <remarks>
/// The bar is what may be added to the reference. A reference that strays by more than a part of that has been
/// disturbed; its round is run again, a bounded number of times. The spread is in milliseconds too.
/// </remarks>
/// <param name="Name">Name on the command line and in the table.</param>
/// <param name="Bar">Milliseconds that may be added.</param>
/// <param name="Percentile">The one that is compared.</param>
internal sealed record LatencyBenchmark(string Name, double Bar, Func<Percentiles, double> Percentile)
    : Benchmark(Name)
{
    private const int Records = 2 * LatencyContests.RecordsPerSecond;
    private const int Rounds = 7;
    private const int MaxRounds = 21;
    private const double MaxStray = 0.15;

    /// <inheritdoc/>
    public override Verdict Run()
    {
        using PairResources resources = new();
        Pair pair = resources.Pair;
        SendingExchange exchange = resources.Own(new SendingExchange(pair));
        SendingSocket socket = resources.Own(new SendingSocket(pair));
        TimeSpan processor = TimeSpan.Zero;
        double Millrace()
        {
            processor += exchange.Run("paced", Records, Records, out string outcome).Processor;
            return Percentile(Latencies.Parse(outcome));
        }

        double Raw()
        {
            string outcome = "";
            processor += pair.Measure(Records, () => outcome = socket.RunPaced(Records)).Processor;
            return Percentile(Latencies.Parse(outcome));
        }

        Millrace();
        Raw();
        List<(double Millrace, double Raw)> rounds = [];
        for (int i = 0; i < MaxRounds && Steady(rounds).Count < Rounds; i++)
        {
            rounds.Add((Millrace(), Raw()));
        }

        return Judge(rounds, processor);
    }

    private Verdict Judge(List<(double Millrace, double Raw)> rounds, TimeSpan processor)
    {
        List<(double Millrace, double Raw)> steady = Steady(rounds);
        bool valid = steady.Count >= Rounds;
        steady = valid ? steady : rounds;
        double millrace = Middle(steady.Select(round => round.Millrace));
        double raw = Middle(steady.Select(round => round.Raw));
        double[] added = [.. steady.Select(round => round.Millrace - round.Raw).Order()];
        double more = Middle(added);
        return new Verdict(
            Name,
            millrace,
            raw,
            string.Create(CultureInfo.InvariantCulture, $"ms; at most {Bar} ms added"),
            millrace / raw,
            added[^1] - added[0],
            processor.TotalSeconds,
            Bar,
            valid,
            valid ? more <= Bar : null);
    }

    private List<(double Millrace, double Raw)> Steady(List<(double Millrace, double Raw)> rounds)
    {
        if (rounds.Count == 0)
        {
            return [];
        }

        double median = Middle(rounds.Select(round => round.Raw));
        return [.. rounds.Where(round => Math.Abs(round.Raw - median) <= MaxStray * Bar)];
    }

    private static double Middle(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return ordered[ordered.Length / 2];
    }
}
