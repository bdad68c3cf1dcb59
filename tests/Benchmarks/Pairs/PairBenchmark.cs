using Millrace.Measuring;

namespace Millrace.Pairs;

/// <summary>A contest between two processes that are there for it alone.</summary>
/// <param name="Name">Name on the command line and in the table.</param>
/// <param name="Prepare">Prepares both sides in the two processes.</param>
internal sealed record PairBenchmark(string Name, Func<PairResources, Contest> Prepare) : Benchmark(Name)
{
    /// <inheritdoc/>
    public override Verdict Run()
    {
        using PairResources pair = new();
        return Referee.Judge(Prepare(pair));
    }
}
