using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Simulation;

namespace Millrace.Connected;

/// <summary>Operators with two inputs in whole jobs, under many orders of events.</summary>
[TestClass]
public sealed class ConnectedSimulationTests
{
    private const int Seeds = 8;

    private static readonly string[] Words = [.. Enumerable.Range(0, 150).Select(i => $"w{i}")];

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 3)]
    public void Two_streams_of_different_types_become_one(int silos, int parallelism) => ForEachSeed(seed =>
    {
        List<string> records = SimulatedJob.Collect<string>(seed, silos, parallelism, env => Small(env, seed)
            .FromSequence(0, 199).Connect(env.FromElements(Words))
            .Map(number => $"{number}", word => word)
            .CollectTo("out"));

        CollectionAssert.AreEquivalent(
            Enumerable.Range(0, 200).Select(i => $"{i}").Concat(Words).ToArray(), records);
    });

    [TestMethod]
    public void A_stream_can_be_connected_with_itself_and_unions_with_unions() => ForEachSeed(seed =>
    {
        List<long> records = SimulatedJob.Collect<long>(seed, 2, 2, env =>
        {
            DataStream<long> few = Small(env, seed).FromSequence(0, 49);
            DataStream<long> more = env.FromSequence(100, 149).Map(x => x);
            few.Union(more).Connect(few.Union(few)).Map(x => x, x => -x).Connect(few)
                .Map(x => x, x => 1_000 + x).CollectTo("out");
        });

        long[] first = [.. Enumerable.Range(0, 50)];
        CollectionAssert.AreEquivalent(
            (long[])[
                .. first, .. first.Select(x => x + 100), .. first.Select(x => -x), .. first.Select(x => -x),
                .. first.Select(x => x + 1_000),
            ],
            records);
    });

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 2)]
    [DataRow(3, 4)]
    public void Records_of_one_key_meet_with_state_timers_and_side_outputs(int silos, int parallelism) =>
        ForEachSeed(seed =>
        {
            List<string> records = SimulatedJob.Collect<string>(seed, silos, parallelism, env =>
            {
                DataStream<string> counts = Small(env, seed).FromSequence(0, 199).Connect(env.FromElements(Words))
                    .KeyBy(number => number % 13, word => word.Length * 7L % 13)
                    .Process(new CountBoth());
                counts.Union(counts.GetSideOutput(new OutputTag<string>("seen"))).CollectTo("out");
            });

            CollectionAssert.AreEquivalent(CountedByModel().Concat(Words).ToArray(), records);
        });

    [TestMethod]
    [DataRow(RuntimeMode.Streaming)]
    [DataRow(RuntimeMode.Batch)]
    public void A_flat_map_of_keyed_streams_has_state_that_both_sides_share(RuntimeMode mode) => ForEachSeed(seed =>
    {
        (long Key, int Times)[] times = [.. Enumerable.Range(0, 10).Select(i => ((long)i, (i % 3) + 1))];
        List<long> records = SimulatedJob.Collect<long>(seed, 2, 3, env => Small(env, seed).SetRuntimeMode(mode)
            .FromSequence(0, 99).KeyBy(x => x % 10)
            .Connect(env.FromElements(times).KeyBy(pair => pair.Key))
            .FlatMap(new Repeats())
            .CollectTo("out"));

        CollectionAssert.AreEquivalent(
            Enumerable.Range(0, 100).SelectMany(i => Enumerable.Repeat((long)i, times[i % 10].Times)).ToArray(),
            records);
    });

    // Sources of different length: one input ends long before the other, and time goes on.
    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 3)]
    public void Time_is_the_lesser_of_both_inputs_and_goes_on_when_one_has_ended(int silos, int parallelism)
    {
        var longer = new TimedSource(splits: 5, records: 150);
        var shorter = new TimedSource(splits: 3, records: 15);
        var strategy = WatermarkStrategy.ForBoundedOutOfOrderness<long>(
            TimeSpan.FromMilliseconds(TimedSource.Disorder));
        int moves = 0;
        ForEachSeed(seed =>
        {
            var log = new TimeLog();
            SimulatedCluster cluster = SimulatedJob.Finish(seed, silos, parallelism, env => Small(env, seed)
                .SetAutoWatermarkInterval(TimeSpan.Zero).SetRuntimeMode(RuntimeMode.Streaming)
                .FromSource(longer, strategy).Rebalance().Connect(env.FromSource(shorter, strategy).Rebalance())
                .Process(new Passing())
                .SinkTo(log.Sink()));

            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
            CollectionAssert.AreEquivalent(longer.All.Concat(shorter.All).ToArray(), log.Records.ToArray());
            Assert.AreEqual(0, log.Late, $"seed {seed}");
            foreach (IReadOnlyList<long> told in log.Watermarks)
            {
                CollectionAssert.AreEqual(told.Distinct().Order().ToArray(), told.ToArray(), $"seed {seed}");
                Assert.AreEqual(long.MaxValue, told[^1]);
            }

            moves += log.Watermarks.Sum(told => told.Count(watermark => watermark > shorter.All.Max()) - 1);
        });

        Assert.IsGreaterThan(0, moves, "time stood still once the shorter input had ended");
    }

    private static IEnumerable<string> CountedByModel() =>
        Enumerable.Range(0, 13)
            .Select(key => (
                Key: key,
                Left: Enumerable.Range(0, 200).Count(number => number % 13 == key),
                Right: Words.Count(word => word.Length * 7 % 13 == key)))
            .Where(counted => counted.Left + counted.Right > 0)
            .Select(counted => $"{counted.Key}: {counted.Left} and {counted.Right}");

    private static StreamExecutionEnvironment Small(StreamExecutionEnvironment env, int seed) =>
        env.SetBatchSize(1 + (seed % 7));

    private static void ForEachSeed(Action<int> run)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            run(seed);
        }
    }
}
