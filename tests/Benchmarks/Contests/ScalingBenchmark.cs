using Millrace.Measuring;
using Millrace.Running;

namespace Millrace.Contests;

/// <summary>What a second core brings: a map that needs the processor alone, with two subtasks and two workers against
/// one and one, beside two bare threads against one.</summary>
/// <remarks>Elapsed time, as that is what a second core is for. A round takes all four in turn; the machine gives two
/// bare threads what it has, so the ratio is that of the two speed-ups.</remarks>
internal sealed record ScalingBenchmark() : Benchmark("scaling")
{
    private const int Records = 100_000;
    private const int Times = 4;
    private const int Work = 1_000;
    private const int Rounds = 7;
    private const int WarmUps = 2;
    private const int MaxRounds = 28;
    private const double Bar = 0.9;

    // Less from two threads means that there is no second core to measure with.
    private const double LeastBare = 1.5;

    private static readonly long[] Input = [.. Enumerable.Range(0, Records).Select(number => (long)number)];
    private static readonly long Expected = Times * Input.Sum(number => Spin.Mix(number, Work) & 1);

    /// <inheritdoc/>
    public override Verdict Run()
    {
        for (int i = 0; i < WarmUps; i++)
        {
            Once();
        }

        TimeSpan before = Environment.CpuUsage.TotalTime;
        List<Round> rounds = [];
        for (int i = 0; i < MaxRounds && Steady(rounds).Count < Rounds; i++)
        {
            rounds.Add(Once());
        }

        IReadOnlyList<Round> steady = Steady(rounds);
        double bare = Figures.Median(rounds.Select(round => round.Bare));
        bool isValid = steady.Count >= Rounds && bare >= LeastBare;
        IReadOnlyList<Round> counted = isValid ? steady : rounds;
        double[] ratios = [.. counted.Select(round => round.Millrace / round.Bare)];
        return new Verdict(
            Name,
            Figures.Median(counted.Select(round => round.Millrace)),
            Figures.Median(counted.Select(round => round.Bare)),
            "times as fast with two cores",
            Figures.Median(ratios),
            Figures.Spread(ratios),
            (Environment.CpuUsage.TotalTime - before).TotalSeconds,
            Bar,
            isValid,
            isValid ? Figures.Median(ratios) >= Bar : null);
    }

    private static IReadOnlyList<Round> Steady(List<Round> rounds) => Figures.Steady(rounds, round => round.Bare);

    // Work doubles with the subtasks, so twice the time of one by the time of two is how much faster two are.
    private static Round Once()
    {
        double millraceOne = Subtasks(1);
        double bareOne = Threads(1);
        double millraceTwo = Subtasks(2);
        double bareTwo = Threads(2);
        return new Round(2 * millraceOne / millraceTwo, 2 * bareOne / bareTwo);
    }

    private static double Subtasks(int count)
    {
        var total = new Total();
        using var local = new LocalRun(count);
        double seconds = Sample.Of(Records, () => local.Run(
            env => env.FromSource(new ArraySource<long>(Input, Times))
                .Map(number => Spin.Mix(number, Work) & 1)
                .SinkTo(new SumSink<long, Itself>(total)),
            count)).Elapsed.TotalSeconds;
        return Checked(seconds, total.Value, count);
    }

    private static double Threads(int count)
    {
        var total = new Total();
        double seconds = Sample.Of(Records, () =>
        {
            Thread[] threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(() => total.Add(Loop())))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
        }).Elapsed.TotalSeconds;
        return Checked(seconds, total.Value, count);
    }

    private static long Loop()
    {
        long sum = 0;
        for (int round = 0; round < Times; round++)
        {
            foreach (long number in Input)
            {
                sum += Spin.Mix(number, Work) & 1;
            }
        }

        return sum;
    }

    private static double Checked(double seconds, long sum, int count) => sum == count * Expected
        ? seconds
        : throw new InvalidOperationException($"The sum is {sum}; {count * Expected} is right.");

    private readonly record struct Round(double Millrace, double Bare);

    private readonly struct Itself : INumberOf<long>
    {
        public long Of(in long record) => record;
    }
}
