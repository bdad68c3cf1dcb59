using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Jobs;
using Millrace.Joins;
using Millrace.Simulation;
using Millrace.State;
using Millrace.Windowing.Assigners;

namespace Millrace.Functions;

/// <summary>Functions of every kind are opened once, with what belongs to them at hand, and closed once, however their
/// job ends.</summary>
[TestClass]
public sealed class FunctionLifeSimulationTests
{
    private static readonly string[] Kinds =
    [
        nameof(Map), nameof(Filter), nameof(FlatMap), nameof(Process), nameof(Reduce), nameof(KeyedProcess),
        nameof(WindowReduce), nameof(WindowAggregate), nameof(CoMap), nameof(CoFlatMap), nameof(CoProcess),
        nameof(KeyedCoMap), nameof(KeyedCoFlatMap), nameof(KeyedCoProcess), nameof(BroadcastProcess),
        nameof(KeyedBroadcastProcess), nameof(IntervalJoin), nameof(IntervalFlatJoin), nameof(IntervalProcessJoin),
        nameof(TemporalJoin), "Reader", "Writer",
    ];

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 3)]
    public void When_the_input_ends_each_has_been_opened_and_closed_once(int silos, int parallelism)
    {
        var log = new LifeLog();
        SimulatedCluster cluster = SimulatedJob.Finish(3, silos, parallelism, env =>
            Everything(env, log, isEndless: false).SinkTo(new LivedSink(log)));

        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"{cluster.Failure}");
        CollectionAssert.AreEquivalent(Kinds, log.Kinds.ToArray());
        Assert.AreEqual("", string.Join("; ", log.Wrong));
        Assert.AreEqual(
            (Kinds.Length - 2) * parallelism,
            Counted(cluster),
            "the counter of every function of every subtask is in the job's result");
    }

    [TestMethod]
    public void When_the_job_is_canceled_each_has_been_closed_once()
    {
        for (int seed = 0; seed < 5; seed++)
        {
            var log = new LifeLog();
            var sink = new LivedSink(log);
            SimulatedCluster cluster = SimulatedJob.Finish(
                seed,
                2,
                2,
                env => Everything(env, log, isEndless: true).SinkTo(sink),
                cluster => (() => sink.Count > 500, cluster.Cancel));

            Assert.AreEqual(JobStatus.Canceled, cluster.Status, $"seed {seed}: {cluster.Failure}");
            CollectionAssert.IsSubsetOf(Kinds, log.Kinds.ToArray());
            Assert.AreEqual("", string.Join("; ", log.Wrong), $"seed {seed}");
        }
    }

    [TestMethod]
    public void When_one_fails_and_cannot_be_closed_its_first_failure_is_told_and_the_others_are_closed()
    {
        for (int seed = 0; seed < 5; seed++)
        {
            var log = new LifeLog();
            SimulatedCluster cluster = SimulatedJob.Finish(seed, 2, 2, env => Everything(env, log, isEndless: true)
                .Map(new FailingTwice(log)).Name(nameof(FailingTwice)).SinkTo(new LivedSink(log)));

            Assert.AreEqual(JobStatus.Failed, cluster.Status);
            Assert.AreEqual("the first failure", cluster.Failure!.Message, $"seed {seed}");
            Assert.AreEqual(nameof(FailingTwice), cluster.Failure.Place.Operator);
            Assert.AreEqual("", string.Join("; ", log.Wrong), $"seed {seed}");
        }
    }

    // Each step is named after its function, which checks that it is told so.
    private static DataStream<long> Everything(StreamExecutionEnvironment env, LifeLog log, bool isEndless)
    {
        env.SetBatchSize(5).SetRuntimeMode(Graph.RuntimeMode.Streaming).SetAutoWatermarkInterval(TimeSpan.Zero);
        var state = new MapStateDescriptor<long, long>("state");
        DataStream<long> numbers = env
            .FromSource(
                new LivedSource(log, isEndless),
                WatermarkStrategy.ForMonotonousTimestamps<long>().WithTimestampAssigner(x => x))
            .Map(new Map(log)).Name(nameof(Map))
            .Filter(new Filter(log)).Name(nameof(Filter))
            .FlatMap(new FlatMap(log)).Name(nameof(FlatMap))
            .Process(new Process(log)).Name(nameof(Process));
        KeyedStream<long, long> keyed = numbers.KeyBy(x => x % 3);
        WindowedOf(keyed, log, out DataStream<long> reduced, out DataStream<long> aggregated);
        return numbers.Union(
            reduced,
            aggregated,
            keyed.Reduce(new Reduce(log)).Name(nameof(Reduce)),
            keyed.Process(new KeyedProcess(log)).Name(nameof(KeyedProcess)),
            numbers.Connect(numbers).Map(new CoMap(log)).Name(nameof(CoMap)),
            numbers.Connect(numbers).FlatMap(new CoFlatMap(log)).Name(nameof(CoFlatMap)),
            numbers.Connect(numbers).Process(new CoProcess(log)).Name(nameof(CoProcess)),
            keyed.Connect(keyed).Map(new KeyedCoMap(log)).Name(nameof(KeyedCoMap)),
            keyed.Connect(keyed).FlatMap(new KeyedCoFlatMap(log)).Name(nameof(KeyedCoFlatMap)),
            keyed.Connect(keyed).Process(new KeyedCoProcess(log)).Name(nameof(KeyedCoProcess)),
            numbers.Connect(numbers.Broadcast(state)).Process(new BroadcastProcess(log))
                .Name(nameof(BroadcastProcess)),
            keyed.Connect(numbers.Broadcast(state)).Process(new KeyedBroadcastProcess(log))
                .Name(nameof(KeyedBroadcastProcess)),
            Near(keyed).Apply(new IntervalJoin(log)).Name(nameof(IntervalJoin)),
            Near(keyed).Apply(new IntervalFlatJoin(log)).Name(nameof(IntervalFlatJoin)),
            Near(keyed).Process(new IntervalProcessJoin(log)).Name(nameof(IntervalProcessJoin)),
            keyed.TemporalJoin(keyed).Apply(new TemporalJoin(log)).Name(nameof(TemporalJoin)));
    }

    private static void WindowedOf(
        KeyedStream<long, long> keyed, LifeLog log, out DataStream<long> reduced, out DataStream<long> aggregated)
    {
        var tens = TumblingEventTimeWindows.Of(TimeSpan.FromMilliseconds(10));
        reduced = keyed.Window(tens).Reduce(new WindowReduce(log)).Name(nameof(WindowReduce));
        aggregated = keyed.Window(tens).Aggregate(new WindowAggregate(log)).Name(nameof(WindowAggregate));
    }

    private static IntervalJoined<long, long, long> Near(KeyedStream<long, long> keyed) =>
        keyed.IntervalJoin(keyed).Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(3));

    private static long Counted(SimulatedCluster cluster) => cluster.Outcome!.Accumulators
        .Single(accumulator => accumulator.Name == "opened").Bits;
}
