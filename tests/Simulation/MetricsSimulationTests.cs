using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Jobs;
using Millrace.Simulation;
using Millrace.Tasks;

namespace Millrace;

[TestClass]
public sealed class MetricsSimulationTests
{
    private const int BatchSize = 16;

    // 1,000 records are 62 full batches and one of 8, and each batch was counted once: nothing is counted per record.
    [TestMethod]
    public void Records_and_batches_are_counted_exactly()
    {
        TaskMetrics[] vertices = LastFigures(SimulatedJob.Finish(
            seed: 3,
            silos: 1,
            parallelism: 1,
            env => env.SetBatchSize(BatchSize).FromElements(Numbers(1_000)).Rebalance().CollectTo("out")));

        Assert.HasCount(2, vertices);
        Assert.AreEqual((1_000, 1_000), (vertices[0].RecordsIn, vertices[0].RecordsOut));
        Assert.AreEqual((63, 63), (vertices[0].BatchesIn, vertices[0].BatchesOut));
        Assert.AreEqual((1_000, 63), (vertices[1].RecordsIn, vertices[1].BatchesIn));
        Assert.AreEqual(1_000, vertices[1].RecordsOut, "a sink's records out are those it wrote");
        Assert.AreEqual(0, vertices.Sum(vertex => vertex.BytesIn + vertex.BytesOut), "within a silo no byte moves");
    }

    // The fold says all it has to say when its input ends: only the last figures of the sink know it.
    [TestMethod]
    public void The_sink_of_a_batch_job_has_its_records_in_the_last_figures()
    {
        SimulatedCluster cluster = SimulatedJob.Finish(
            seed: 4,
            silos: 2,
            parallelism: 2,
            env => env.FromElements(Numbers(500)).KeyBy(number => number % 7).Count().CollectTo("out"));

        Assert.AreEqual(JobStatus.Finished, cluster.Status);
        Assert.AreEqual(7, cluster.Details.Vertices[^1].Subtasks.Sum(subtask => subtask.Metrics!.RecordsOut));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void What_a_vertex_sends_is_what_the_next_one_takes(int silos)
    {
        for (int seed = 0; seed < 10; seed++)
        {
            SimulatedCluster cluster = SimulatedJob.Finish(seed, silos, parallelism: 3, env => env
                .SetBatchSize(BatchSize)
                .FromElements(Numbers(2_000))
                .Rebalance()
                .Map(number => $"{number % 50}")
                .KeyBy(word => word)
                .Count()
                .Rebalance()
                .CollectTo("out"));

            AssertConserved(seed, silos, cluster.Details);
        }
    }

    // At any moment, for each channel: what went in has come out or waits.
    [TestMethod]
    public void Every_channel_tells_what_went_through_and_what_waits()
    {
        EdgeMetrics[] edges = [];
        SimulatedJob.Finish(
            seed: 6,
            silos: 1,
            parallelism: 3,
            env => env.SetBatchSize(BatchSize).FromSequence(0, long.MaxValue - 1).Rebalance().SinkTo(new StuckSink()),
            cluster => (() => HasSent(cluster, records: 500), () =>
            {
                edges = Edges(cluster);
                cluster.Cancel();
            }));

        ChannelMetrics[] sent = ChannelsOf(EdgeEnd.Output);
        ChannelMetrics[] taken = ChannelsOf(EdgeEnd.Input);
        Assert.HasCount(9, sent);
        Assert.HasCount(9, taken);
        Assert.IsGreaterThanOrEqualTo(500, sent.Sum(channel => channel.Flow.Records));
        Assert.IsGreaterThan(0, taken.Sum(channel => channel.Flow.Queued), "the sink takes nothing: batches wait");
        Assert.AreEqual(
            sent.Sum(channel => channel.Flow.Batches),
            taken.Sum(channel => channel.Flow.Batches + channel.Flow.Queued));
        Assert.AreEqual(
            sent.Sum(channel => channel.Flow.Queued), taken.Sum(channel => channel.Flow.Queued));
        Assert.IsTrue(edges.All(edge => edge.Total.Records == edge.Channels.Sum(channel => channel.Flow.Records)));

        ChannelMetrics[] ChannelsOf(EdgeEnd end) =>
            [.. edges.Where(edge => edge.End == end).SelectMany(edge => edge.Channels)];
    }

    // By the simulated clock, to the tick: all the time that passed was spent waiting, and the wait has not ended.
    [TestMethod]
    public void A_source_before_a_stuck_sink_is_backpressured_all_the_time()
    {
        (TaskMetrics before, TaskMetrics after) = WatchSource(
            env => env.FromSequence(0, long.MaxValue - 1).Rebalance().SinkTo(new StuckSink()));

        long elapsed = after.ElapsedNanoseconds - before.ElapsedNanoseconds;
        Assert.IsGreaterThanOrEqualTo(10_000_000_000, elapsed);
        Assert.AreEqual(elapsed, after.BackpressuredNanoseconds - before.BackpressuredNanoseconds);
        Assert.AreEqual(1.0, TaskRates.Between(before, after)!.Backpressured);
        Assert.AreEqual(before.RecordsOut, after.RecordsOut);
    }

    [TestMethod]
    public void A_source_without_records_is_idle_all_the_time()
    {
        (TaskMetrics before, TaskMetrics after) = WatchSource(
            env => env.FromSource(new SilentSource()).Rebalance().SinkTo(new StuckSink()));

        long elapsed = after.ElapsedNanoseconds - before.ElapsedNanoseconds;
        Assert.IsGreaterThanOrEqualTo(10_000_000_000, elapsed);
        Assert.AreEqual(elapsed, after.IdleNanoseconds - before.IdleNanoseconds);
        Assert.AreEqual(0, after.RecordsIn);
    }

    // Looks at the source when the job has come to rest, and ten seconds later.
    private static (TaskMetrics Before, TaskMetrics After) WatchSource(Action<StreamExecutionEnvironment> define)
    {
        TaskMetrics? before = null;
        TaskMetrics? after = null;
        SimulatedJob.Finish(seed: 8, silos: 1, parallelism: 1, define, cluster => (() =>
        {
            TaskMetrics? now = cluster.Silos[0].Host.Running().FirstOrDefault(task => IsSource(cluster, task));
            if (now is null or not { State: ExecutionState.Running } || now.ElapsedNanoseconds < 1_000_000_000)
            {
                return false;
            }

            before ??= now;
            after = now;
            return after.ElapsedNanoseconds - before.ElapsedNanoseconds >= 10_000_000_000;
        }, cluster.Cancel));
        return (before!, after!);
    }

    private static bool IsSource(SimulatedCluster cluster, TaskMetrics task) =>
        task.Attempt.Vertex == cluster.Details.Vertices[0].Vertex;

    private static bool HasSent(SimulatedCluster cluster, long records) => cluster.Silos
        .SelectMany(silo => silo.Host.Running())
        .Where(task => IsSource(cluster, task))
        .Sum(task => task.RecordsOut) >= records;

    private static EdgeMetrics[] Edges(SimulatedCluster cluster) =>
    [
        .. cluster.Silos.SelectMany(silo => silo.Host.Running()
            .SelectMany(task => silo.Host.EdgesOf(task.Attempt))),
    ];

    private static void AssertConserved(int seed, int silos, JobDetails job)
    {
        Assert.AreEqual(JobStatus.Finished, job.Status, $"seed {seed}");
        long bytes = 0;
        for (int vertex = 0; vertex + 1 < job.Vertices.Length; vertex++)
        {
            TaskMetrics[] producers = FiguresOf(job.Vertices[vertex]);
            TaskMetrics[] consumers = FiguresOf(job.Vertices[vertex + 1]);
            Assert.AreEqual(
                producers.Sum(task => task.RecordsOut),
                consumers.Sum(task => task.RecordsIn),
                $"seed {seed}: records from vertex {vertex}");
            Assert.AreEqual(
                producers.Sum(task => task.BytesOut),
                consumers.Sum(task => task.BytesIn),
                $"seed {seed}: bytes from vertex {vertex}");
            bytes += producers.Sum(task => task.BytesOut);
        }

        Assert.AreEqual(silos > 1, bytes > 0, $"seed {seed}: {bytes} bytes");
        foreach (TaskMetrics task in job.Vertices.SelectMany(FiguresOf))
        {
            Assert.AreEqual(ExecutionState.Finished, task.State);
            Assert.IsGreaterThan(0, task.BusyNanoseconds, $"seed {seed}: {task.Attempt}");
            Assert.AreEqual(0, task.QueuedIn + task.QueuedOut + task.QueuedOutBytes + task.Mailbox, $"seed {seed}");
        }
    }

    private static TaskMetrics[] FiguresOf(VertexDetails vertex) =>
        [.. vertex.Subtasks.Select(subtask => subtask.Metrics!)];

    private static TaskMetrics[] LastFigures(SimulatedCluster cluster) =>
        [.. cluster.Details.Vertices.Select(vertex => vertex.Subtasks.Single().Metrics!)];

    private static int[] Numbers(int count) => [.. Enumerable.Range(0, count)];

    private sealed class StuckSink : Sink<long>
    {
        public override ISinkWriter<long> CreateWriter(SinkWriterContext context) => new Writer();

        private sealed class Writer : ISinkWriter<long>
        {
            public int Write(ReadOnlySpan<long> records) => 0;

            public ValueTask<IReadOnlyList<byte[]>> FinishAsync(CancellationToken cancellationToken) =>
                ValueTask.FromResult<IReadOnlyList<byte[]>>([]);

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
