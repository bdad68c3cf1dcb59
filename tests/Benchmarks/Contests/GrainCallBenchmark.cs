using Millrace.Connectors.Blackhole;
using Millrace.DataStream;
using Millrace.InProcess;
using Millrace.Jobs;
using Millrace.Measuring;
using Millrace.Programs;
using Millrace.Running;
using Millrace.Tasks;

namespace Millrace.Contests;

/// <summary>How long grain calls take on a silo whose workers are all busy, against the same silo beside as many bare
/// threads that spin: the 99th of a hundred calls.</summary>
/// <remarks>The job stays deployed all the time and waits while the bare threads spin.</remarks>
internal sealed record GrainCallBenchmark() : Benchmark("grain-call-p99")
{
    private const int Calls = 1_000;
    private const int Rounds = 7;
    private const int WarmUps = 2;
    private const int MaxRounds = 28;
    private const double Bar = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly Gate Gate = new(GateState.Closed);
    private static readonly int Threads = Environment.ProcessorCount;

    /// <inheritdoc/>
    public override Verdict Run() => RunAsync().GetAwaiter().GetResult();

    private async Task<Verdict> RunAsync()
    {
        await using MiniCluster cluster = await MiniCluster.StartAsync(
            new MiniClusterOptions { SlotsPerSilo = Threads });
        JobHandle job = await cluster.SubmitAsync<BusyJob>([], Threads);
        await UntilRunningAsync(job);
        for (int i = 0; i < WarmUps; i++)
        {
            await OnceAsync(cluster);
        }

        TimeSpan before = Environment.CpuUsage.TotalTime;
        List<Round> rounds = [];
        for (int i = 0; i < MaxRounds && Steady(rounds).Count < Rounds; i++)
        {
            rounds.Add(await OnceAsync(cluster));
        }

        await job.CancelAsync();
        JobResult result = await job.WaitAsync();
        IReadOnlyList<Round> steady = Steady(rounds);
        bool isValid = steady.Count >= Rounds && result.Status == JobStatus.Canceled;
        IReadOnlyList<Round> counted = isValid ? steady : rounds;
        double[] ratios = [.. counted.Select(round => round.Saturated / round.Beside)];
        return new Verdict(
            Name,
            Figures.Median(counted.Select(round => round.Saturated)),
            Figures.Median(counted.Select(round => round.Beside)),
            "us; the ratio is at most the bar",
            Figures.Median(ratios),
            Figures.Spread(ratios),
            (Environment.CpuUsage.TotalTime - before).TotalSeconds,
            Bar,
            isValid,
            isValid ? Figures.Median(ratios) <= Bar : null);
    }

    private static IReadOnlyList<Round> Steady(List<Round> rounds) => Figures.Steady(rounds, round => round.Beside);

    private static async Task<Round> OnceAsync(MiniCluster cluster)
    {
        Gate.Set(GateState.Open);
        double saturated = await NinetyNinthAsync(cluster);
        Gate.Set(GateState.Closed);

        bool stopped = false;
        Thread[] bare = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            while (!Volatile.Read(ref stopped))
            {
                Spin.Mix(1, 1_000);
            }
        }))];
        Array.ForEach(bare, thread => thread.Start());
        double beside = await NinetyNinthAsync(cluster);
        Volatile.Write(ref stopped, true);
        Array.ForEach(bare, thread => thread.Join());
        return new Round(saturated, beside);
    }

    private static async Task<double> NinetyNinthAsync(MiniCluster cluster)
    {
        IDispatcherGrain grain = cluster.Grains.Dispatcher();
        var microseconds = new double[Calls];
        for (int call = 0; call < Calls; call++)
        {
            long began = TimeProvider.System.GetTimestamp();
            await grain.ListAsync(CancellationToken.None);
            microseconds[call] = TimeProvider.System.GetElapsedTime(began).TotalMicroseconds;
        }

        Array.Sort(microseconds);
        return microseconds[Calls * 99 / 100];
    }

    private static async Task UntilRunningAsync(JobHandle job)
    {
        long began = TimeProvider.System.GetTimestamp();
        while ((await job.GetDetailsAsync()).Vertices.SelectMany(vertex => vertex.Subtasks)
            .Any(subtask => subtask.State != ExecutionState.Running))
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new InvalidOperationException($"The job does not run within {Patience}.");
            }
        }
    }

    private readonly record struct Round(double Saturated, double Beside);

    internal sealed class BusyJob : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args) =>
            env.FromSource(new GatedSource(Gate))
                .Map(number => Spin.Mix(number, 1_000))
                .SinkTo(new DiscardSink<long>());
    }
}
