using System.Runtime;
using Millrace.Connectors;
using Millrace.Connectors.Blackhole;
using Millrace.DataStream;
using Millrace.InProcess;
using Millrace.Jobs;
using Millrace.Measuring;
using Millrace.Programs;
using Millrace.Tasks;

namespace Millrace.Contests;

/// <summary>What a silo costs with a hundred subtasks that have nothing to do: share of one core, over about ten
/// seconds.</summary>
/// <remarks>The figure is the share itself, Orleans and the job's own looks at its subtasks included; beside it stands
/// that of the same silo with nothing deployed.</remarks>
internal sealed record IdleBenchmark() : Benchmark("idle-100-subtasks")
{
    private const int Parallelism = 50;
    private const int Windows = 5;
    private const double Bar = 0.02;
    private const int FewMethods = 3;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public override Verdict Run() => RunAsync().GetAwaiter().GetResult();

    private async Task<Verdict> RunAsync()
    {
        await using MiniCluster cluster = await MiniCluster.StartAsync(
            new MiniClusterOptions { SlotsPerSilo = Parallelism });
        double[] empty = await MeasureAsync();
        JobHandle job = await cluster.SubmitAsync<IdleJob>([], Parallelism);
        int running = await RunningAsync(job);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        double[] idle = await MeasureAsync();
        TimeSpan used = Environment.CpuUsage.TotalTime - before;
        await job.CancelAsync();
        JobResult result = await job.WaitAsync();

        bool isValid = running == 2 * Parallelism && result.Status == JobStatus.Canceled;
        double share = idle.Average();
        return new Verdict(
            Name,
            share,
            empty.Average(),
            "share of a core, at most; beside it the same silo with nothing deployed",
            share,
            Figures.Spread(idle),
            used.TotalSeconds,
            Bar,
            isValid,
            isValid ? share < Bar : null);
    }

    private static async Task<double[]> MeasureAsync()
    {
        await SettleAsync();
        List<double> shares = [];
        while (shares.Count < Windows)
        {
            shares.Add(await ShareAsync());
        }

        return [.. shares];
    }

    // What is young still compiles itself, and again when it has been called often; that is no cost of being idle. What
    // is not over after a while is counted.
    private static async Task SettleAsync()
    {
        long compiled;
        long began = TimeProvider.System.GetTimestamp();
        do
        {
            compiled = JitInfo.GetCompiledMethodCount();
            await ShareAsync();
        }
        while (JitInfo.GetCompiledMethodCount() - compiled > FewMethods
            && TimeProvider.System.GetElapsedTime(began) < LongestSettling);
    }

    private static async Task<double> ShareAsync()
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long began = TimeProvider.System.GetTimestamp();
        using var window = new PeriodicTimer(Window);
        await window.WaitForNextTickAsync();
        return (Environment.CpuUsage.TotalTime - before) / TimeProvider.System.GetElapsedTime(began);
    }

    private static async Task<int> RunningAsync(JobHandle job)
    {
        long began = TimeProvider.System.GetTimestamp();
        int running = 0;
        while (running < 2 * Parallelism && TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            running = (await job.GetDetailsAsync()).Vertices
                .SelectMany(vertex => vertex.Subtasks)
                .Count(subtask => subtask.State == ExecutionState.Running);
        }

        return running;
    }

    internal sealed class IdleJob : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args) =>
            env.FromSource(new SilentSource())
                .KeyBy(number => number)
                .Count()
                .SinkTo(new DiscardSink<Keyed<long, long>>());
    }
}
