using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Simulation;

namespace Millrace.EventTime;

/// <summary>Event time through whole jobs under many orders of events: never back, never early, at its end at the
/// end.</summary>
[TestClass]
public sealed class EventTimeSimulationTests
{
    private const int Seeds = 6;

    private static readonly WatermarkStrategy<long> Bounded =
        WatermarkStrategy.ForBoundedOutOfOrderness<long>(TimeSpan.FromMilliseconds(TimedSource.Disorder));

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 2)]
    [DataRow(3, 4)]
    public void Time_of_several_sources_is_never_back_and_never_early(int silos, int parallelism)
    {
        var first = new TimedSource(splits: 5, records: 120);
        var second = new TimedSource(splits: 3, records: 60);
        int moves = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            TimeLog log = Run(seed, silos, parallelism, (env, sink) =>
            {
                Begin(env, seed);
                DataStream<long> all = env.FromSource(first, Bounded)
                    .Union(env.FromSource(second, Bounded).Rebalance().Map(x => x));
                all.Map(x => x).Filter(x => true)
                    .KeyBy(x => x % 5).Reduce((_, latest) => latest)
                    .SinkTo(sink);
            });

            Verify(log, [.. first.All, .. second.All], seed);
            moves += log.Watermarks.Sum(told => told.Count - 1);
        }

        Assert.IsTrue(moves > 20, $"time moved {moves} times before the end of the input");
    }

    [TestMethod]
    [DataRow(PartitionerKind.Rebalance)]
    [DataRow(PartitionerKind.Rescale)]
    [DataRow(PartitionerKind.Shuffle)]
    [DataRow(PartitionerKind.Global)]
    [DataRow(PartitionerKind.Forward)]
    [DataRow(PartitionerKind.Broadcast)]
    public void Every_partitioning_keeps_time_and_timestamps(PartitionerKind kind)
    {
        const int Parallelism = 3;
        var source = new TimedSource(splits: 4, records: 100);
        int copies = kind == PartitionerKind.Broadcast ? Parallelism : 1;
        for (int seed = 0; seed < Seeds; seed++)
        {
            TimeLog log = Run(seed, 2, Parallelism, (env, sink) =>
            {
                Begin(env, seed);
                DataStream<long> stream = Partitioned(env.FromSource(source, Bounded), kind).Map(x => x);
                Checked(stream).SinkTo(sink);
            });

            Verify(log, [.. Enumerable.Repeat(source.All, copies).SelectMany(all => all)], seed);
        }
    }

    // Two consumers of one output, one of them in its chain; sequences, collectors and folds on the way.
    [TestMethod]
    public void Every_operator_keeps_the_timestamps_of_its_records()
    {
        var source = new TimedSource(splits: 3, records: 100);
        for (int seed = 0; seed < Seeds; seed++)
        {
            TimeLog log = Run(seed, 2, 2, (env, sink) =>
            {
                Begin(env, seed);
                DataStream<long> stream = (seed % 2 == 0 ? env : env.CopyOnEmit()).FromSource(source, Bounded);
                Checked(stream.Filter(x => x % 2 == 0).Map(x => x)).Discard();
                Checked(stream.KeyBy(x => x % 3).Reduce((_, latest) => latest).Map(x => x)).Discard();
                Checked(stream.FlatMap(x => new[] { x, x }).Map(x => x).Filter(x => x >= 0)).SinkTo(sink);
            });

            Verify(log, [.. source.All, .. source.All], seed);
        }
    }

    [TestMethod]
    public void Timestamps_can_be_assigned_behind_a_source_that_knows_none()
    {
        long[] numbers = [.. Enumerable.Range(0, 400).Select(i => (long)i)];
        for (int seed = 0; seed < Seeds; seed++)
        {
            TimeLog log = Run(seed, 2, 2, (env, sink) =>
            {
                Begin(env, seed);
                DataStream<long> stream = env.FromSequence(0, 399).AssignTimestampsAndWatermarks(
                    WatermarkStrategy.ForBoundedOutOfOrderness<long>(TimeSpan.FromMilliseconds(400))
                        .WithTimestampAssigner(x => x));
                Checked(stream.KeyBy(x => x % 5).Reduce((_, latest) => latest)).SinkTo(sink);
            });

            Verify(log, numbers, seed);
        }
    }

    [TestMethod]
    public void Time_moves_on_behind_a_filter_that_lets_nothing_through()
    {
        var log = new TimeLog();
        SimulatedJob.Finish(
            seed: 3,
            silos: 2,
            parallelism: 1,
            env => env.FromSource(new PacedSource(), Bounded)
                .FlatMap(x => Array.Empty<long>()).Map(x => x).Map(x => x).StartNewChain().SinkTo(log.Sink()),
            cluster => (() => log.Latest > 50_000, cluster.Cancel));

        Assert.IsTrue(log.Latest > 50_000, $"the latest watermark is {log.Latest}");
        Assert.AreEqual(0, log.Count);
    }

    [TestMethod]
    public void A_stream_without_timestamps_joins_one_with_them()
    {
        var source = new TimedSource(splits: 2, records: 50);
        List<long> timestamps = SimulatedJob.Collect<long>(7, 2, 2, env =>
        {
            Begin(env, seed: 7);
            env.FromSource(source, Bounded).Union(env.FromSequence(0, 99), env.FromElements(5L, 6L))
                .Rebalance().Map(x => x)
                .AssignTimestampsAndWatermarks(WatermarkStrategy.NoWatermarks<long>().WithTimestampAssigner(
                    (x, known) => known == (x >= 1_000 ? x : long.MinValue)
                        ? x
                        : throw new InvalidOperationException($"{x} has timestamp {known}")))
                .CollectTo("out");
        });

        Assert.HasCount(202, timestamps);
    }

    [TestMethod]
    public void Without_a_strategy_and_in_batch_mode_time_comes_at_the_end_only()
    {
        var source = new TimedSource(splits: 3, records: 50);
        foreach (bool batch in new[] { true, false })
        {
            TimeLog log = Run(seed: 2, silos: 2, parallelism: 2, (env, sink) =>
            {
                Begin(env, seed: 2);
                env.SetRuntimeMode(batch ? RuntimeMode.Batch : RuntimeMode.Streaming);
                (batch ? env.FromSource(source, Bounded) : env.FromSource(source)).Rebalance().SinkTo(sink);
            });

            Verify(log, [.. source.All], seed: 2);
            Assert.IsTrue(log.Watermarks.All(told => told.Count == 1));
        }
    }

    [TestMethod]
    public void A_subtask_without_records_holds_back_time_unless_it_may_be_idle()
    {
        WatermarkStrategy<long> strict = WatermarkStrategy.ForMonotonousTimestamps<long>();

        Assert.AreEqual(-1, Latest(strict), "the single record of the second subtask has timestamp 0");
        Assert.IsTrue(Latest(strict.WithIdleness(TimeSpan.FromSeconds(1))) > 100_000);

        static long Latest(WatermarkStrategy<long> strategy)
        {
            var log = new TimeLog();
            SimulatedCluster cluster = SimulatedJob.Finish(
                seed: 1,
                silos: 2,
                parallelism: 2,
                env => env.FromSource(new PacedSource(), strategy).Rebalance().Map(x => x).SinkTo(log.Sink()),
                cluster => (() => log.Count > 400, cluster.Cancel));
            Assert.AreEqual(JobStatus.Canceled, cluster.Status, cluster.Failure?.ToString());
            return log.Latest;
        }
    }

    private static TimeLog Run(
        int seed, int silos, int parallelism, Action<StreamExecutionEnvironment, Sink<long>> define)
    {
        var log = new TimeLog();
        SimulatedCluster cluster =
            SimulatedJob.Finish(seed, silos, parallelism, env => define(env, log.Sink()));
        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
        return log;
    }

    private static void Begin(StreamExecutionEnvironment env, int seed) => env
        .SetRuntimeMode(RuntimeMode.Streaming)
        .SetAutoWatermarkInterval(TimeSpan.Zero)
        .SetBatchSize(1 + (seed * 5));

    private static void Verify(TimeLog log, long[] records, int seed)
    {
        CollectionAssert.AreEquivalent(records, log.Records.ToArray(), $"seed {seed}");
        Assert.AreEqual(0, log.Late, $"seed {seed}: records behind a watermark that is not before them");
        foreach (IReadOnlyList<long> told in log.Watermarks)
        {
            CollectionAssert.AreEqual(told.Distinct().Order().ToArray(), told.ToArray(), $"seed {seed}: never back");
            Assert.AreEqual(long.MaxValue, told[^1], $"seed {seed}: the last watermark");
        }
    }

    // Looks at timestamps without changing them, and leaves time as it is: in a branch of its own.
    private static DataStream<long> Checked(DataStream<long> stream)
    {
        stream.AssignTimestampsAndWatermarks(WatermarkStrategy.NoWatermarks<long>().WithTimestampAssigner(
            (x, known) => known == x ? x : throw new InvalidOperationException($"{x} has timestamp {known}")))
            .Discard();
        return stream;
    }

    private static DataStream<long> Partitioned(DataStream<long> stream, PartitionerKind kind) => kind switch
    {
        PartitionerKind.Rebalance => stream.Rebalance(),
        PartitionerKind.Rescale => stream.Rescale(),
        PartitionerKind.Shuffle => stream.Shuffle(),
        PartitionerKind.Global => stream.Global(),
        PartitionerKind.Broadcast => stream.Broadcast(),
        _ => stream.Forward(),
    };
}
