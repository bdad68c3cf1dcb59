using System.Globalization;
using System.Text.Json;
using Millrace.Contests;
using Millrace.Measuring;
using Millrace.Pairs;
using Millrace.States;

namespace Millrace;

/// <summary>Runs the contests that are named, or all, prints a table and writes
/// <c>artifacts/benchmarks.json</c>.</summary>
internal static class Program
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public static int Main(string[] args)
    {
        if (args is [Peer.Argument])
        {
            using PeerOrders orders = new();
            orders.Run(Console.In, Console.Out);
            return 0;
        }

        Benchmark[] all =
        [
            .. ChainContests.All(),
            .. SourceContests.All(),
            .. KeyedSumContests.All(),
            .. WindowContests.All(),
            .. PeerContests.All(),
            .. SerializerContests.All(),
            .. LocalExchangeContests.All(),
            .. SpillContests.All(),
            .. DiskStateContests.All(),
            .. CheckpointBenchmarks.All(),
            new StalledSinkBenchmark(),
            .. WorkerContests.All(),
            new NexmarkGeneratorBenchmark(),
            .. NexmarkContests.All(),
            new StateGrowthBenchmark("q5"),
            new StateGrowthBenchmark("q11"),
            .. RemoteContests.All(),
            .. LatencyContests.All(),
        ];
        bool wantsAll = args.Length == 0 || args.Contains("all");
        string[] wanted = wantsAll ? [.. all.Select(benchmark => benchmark.Name)] : args;
        string[] unknown = [.. wanted.Except(all.Select(benchmark => benchmark.Name))];
        if (unknown.Length > 0)
        {
            Console.Error.WriteLine(
                $"No benchmark is called {string.Join(", ", unknown)}. There are: " +
                $"{string.Join(", ", all.Select(benchmark => benchmark.Name))}.");
            return 2;
        }

        Console.WriteLine(
            $"{"benchmark",-24} {"millrace",14} {"reference",14} {"ratio",7} {"spread",7} {"bar",5}  holds");
        List<Verdict> verdicts = [];
        foreach (Benchmark benchmark in all.Where(benchmark => wanted.Contains(benchmark.Name)))
        {
            Verdict verdict = VerdictOf(benchmark);
            verdicts.Add(verdict);
            Console.WriteLine(Line(verdict));

            // After each one: whoever stops the rest keeps what was measured.
            Directory.CreateDirectory("artifacts");
            File.WriteAllText(Path.Combine("artifacts", "benchmarks.json"), JsonSerializer.Serialize(verdicts, Json));
        }

        return verdicts.TrueForAll(verdict => verdict.Unit.Length > 0) ? 0 : 1;
    }

    // One that breaks must not take the others along, and counts as not measured.
    private static Verdict VerdictOf(Benchmark benchmark)
    {
        try
        {
            return benchmark.Run();
        }
#pragma warning disable CA1031
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Console.Error.WriteLine($"{benchmark.Name} broke: {exception}");
            return new Verdict(benchmark.Name, 0, 0, "", 0, 0, 0, null, Valid: false, Holds: null);
        }
    }

    private static string Line(Verdict verdict)
    {
        string holds = verdict switch
        {
            { Valid: false } => "not measured: the reference strays",
            { Holds: true } => "yes",
            { Holds: false } => "NO",
            _ => "no bar",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{verdict.Name,-24} {Figure(verdict.Millrace),14} {Figure(verdict.Reference),14} " +
            $"{Figure(verdict.Ratio),7} {verdict.Spread,7:0.00} {BarOf(verdict),5}  {holds}");
    }

    private static string BarOf(Verdict verdict) => verdict.BarRate is double rate
        ? string.Create(CultureInfo.InvariantCulture, $"{rate / 1e6:0.#}M/s")
        : string.Create(CultureInfo.InvariantCulture, $"{verdict.Bar}");

    // Rates in whole numbers, ratios and shares with the digits they have.
    private static string Figure(double value) => value.ToString(
        value switch
        {
            >= 100 => "N0",
            >= 0.1 => "0.00",
            _ => "0.0000",
        },
        CultureInfo.InvariantCulture);
}
