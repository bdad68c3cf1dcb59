using Microsoft.Extensions.DependencyInjection;
using Millrace.Connectors;
using Millrace.Connectors.Blackhole;
using Millrace.DataStream;
using Millrace.Execution;
using Millrace.InProcess;
using Millrace.Jobs;
using Millrace.Programs;
using Millrace.Tasks;

namespace Millrace;

/// <summary>What is deployed and has nothing to do.</summary>
[TestClass]
public sealed class IdleJobsTests
{
    private const int Parallelism = 60;
    private const int Subtasks = 2 * Parallelism;

    private static readonly TimeSpan BlockedAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Period = BlockedAfter / 2;

    // Whoever wakes them shows here: the watchdog, the job's look at its counters, heartbeats, timers.
    [TestMethod]
    public async Task Idle_subtasks_run_no_rounds_at_all()
    {
        await using MiniCluster cluster = await MiniCluster.StartAsync(new MiniClusterOptions
        {
            SlotsPerSilo = Parallelism,
            Settings = { ["Millrace:Jobs:MetricsInterval"] = "00:00:00.1" },
        });
        var execution = (SystemExecution)cluster.Silos[0].Services.GetRequiredService<IExecution>();
        JobHandle job = await cluster.SubmitAsync<IdleJob>([], Parallelism);
        await Eventually.SeeAsync(
            "all subtasks run and their counters were looked at",
            () => job.GetDetailsAsync(),
            details => SubtasksOf(details).Count(HasRun) == Subtasks);
        (long Now, long Before) rounds = (execution.Rounds, -1);
        await Eventually.SeeAsync(
            "nothing runs any more",
            () => Task.FromResult(rounds = (execution.Rounds, rounds.Now)),
            seen => seen.Now == seen.Before);
        Assert.IsGreaterThanOrEqualTo(Subtasks, rounds.Now);

        // A hundred periods of the watchdog, fifty looks of the job at its counters.
        long began = TimeProvider.System.GetTimestamp();
        TimeSpan most = TimeSpan.Zero;
        while (most < 100 * Period)
        {
            await job.GetDetailsAsync();
            most = TimeProvider.System.GetElapsedTime(began);
        }

        Assert.AreEqual(rounds.Now, execution.Rounds);
        await job.CancelAsync();
        Assert.AreEqual(JobStatus.Canceled, (await job.WaitAsync()).Status);
    }

    private static IEnumerable<SubtaskDetails> SubtasksOf(JobDetails details) =>
        details.Vertices.SelectMany(vertex => vertex.Subtasks);

    private static bool HasRun(SubtaskDetails subtask) =>
        subtask.State == ExecutionState.Running && subtask.Metrics?.State == ExecutionState.Running;

    internal sealed class IdleJob : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args) =>
            env.FromSource(new SilentSource())
                .KeyBy(number => number)
                .Count()
                .SinkTo(new DiscardSink<Keyed<long, long>>());
    }
}
