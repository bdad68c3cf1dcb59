using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Simulation;

namespace Millrace.EventTime;

/// <summary>Sources that keep pace with the slowest of their group, in whole jobs under many orders of events.</summary>
[TestClass]
public sealed class AlignmentSimulationTests
{
    private const int Seeds = 6;
    private const int Fast = 1_000;
    private const int Slow = 100;
    private const int Drift = 100;

    private static readonly TimeSpan FastPace = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan SlowPace = TimeSpan.FromMilliseconds(20);

    private static readonly WatermarkStrategy<long> Alone = WatermarkStrategy.ForMonotonousTimestamps<long>();

    private static readonly WatermarkStrategy<long> Together = Alone.WithWatermarkAlignment(
        "numbers", TimeSpan.FromMilliseconds(Drift), TimeSpan.FromMilliseconds(10));

    // What a look takes, and what is read from one look to the next, comes on top of the drift.
    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(3, 2)]
    public void A_fast_source_waits_for_a_slow_one_and_goes_on_when_that_has_ended(int silos, int parallelism)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Race aligned = Run(seed, silos, parallelism, new TickingSource(SlowPace, Slow), Together);
            Race free = Run(seed, silos, parallelism, new TickingSource(SlowPace, Slow), Alone);

            Assert.AreEqual((Fast + Slow) * parallelism, aligned.Records, $"seed {seed}");
            Assert.IsGreaterThan(8 * Drift, free.AheadOf(Slow), $"seed {seed}: nothing else holds the fast one back");
            Assert.IsLessThan(5 * Drift, aligned.AheadOf(Slow), $"seed {seed}");
        }
    }

    [TestMethod]
    public void Nobody_waits_for_a_source_that_is_idle()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var race = new Race();
            SimulatedCluster cluster = SimulatedJob.Finish(
                seed,
                silos: 2,
                parallelism: 1,
                env => Define(
                    env,
                    race,
                    new TickingSource(SlowPace, 5, ends: false),
                    Together.WithIdleness(TimeSpan.FromSeconds(1))),
                cluster => (() => race.Records == Fast + 5, cluster.Cancel));

            Assert.AreEqual(JobStatus.Canceled, cluster.Status, $"seed {seed}: {cluster.Failure}");
        }
    }

    // An idle source is held by nothing, as its next record may be of any time: the fast one would run away.
    [TestMethod]
    public void Waiting_for_others_makes_nobody_idle()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var race = new Race();
            SimulatedCluster cluster = SimulatedJob.Finish(seed, silos: 2, parallelism: 1, env => Define(
                env,
                race,
                new TickingSource(TimeSpan.FromMilliseconds(300), 30),
                Together,
                Together.WithIdleness(TimeSpan.FromMilliseconds(100))));

            Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
            Assert.AreEqual(Fast + 30, race.Records);
            Assert.IsLessThan(5 * Drift, race.AheadOf(30), $"seed {seed}");
        }
    }

    private static Race Run(
        int seed, int silos, int parallelism, TickingSource slow, WatermarkStrategy<long> strategy)
    {
        var race = new Race();
        SimulatedCluster cluster = SimulatedJob.Finish(
            seed, silos, parallelism, env => Define(env, race, slow, strategy));
        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
        return race;
    }

    private static void Define(
        StreamExecutionEnvironment env,
        Race race,
        TickingSource slow,
        WatermarkStrategy<long> strategy,
        WatermarkStrategy<long>? fast = null)
    {
        env.SetRuntimeMode(RuntimeMode.Streaming).SetAutoWatermarkInterval(TimeSpan.Zero).SetBatchSize(1);
        env.FromSource(new TickingSource(FastPace, Fast), fast ?? strategy).Map(race.PassFast)
            .Union(env.FromSource(slow, strategy).Map(race.PassSlow))
            .Discard();
    }

    /// <summary>How far the one is ahead of the other where they are read. All in the one thread of the
    /// simulation.</summary>
    private sealed class Race
    {
        private readonly SortedDictionary<long, long> _ahead = [];
        private long _slowest;

        public int Records { get; private set; }

        /// <summary>The most, in event time, while the slow one had not given so many records.</summary>
        public long AheadOf(int records) => _ahead
            .Where(seen => seen.Key < (records - 1) * TickingSource.Step)
            .Max(seen => seen.Value);

        public long PassFast(long time)
        {
            Records++;
            _ahead[_slowest] = Math.Max(_ahead.GetValueOrDefault(_slowest), time - _slowest);
            return time;
        }

        public long PassSlow(long time)
        {
            Records++;
            _slowest = Math.Max(_slowest, time);
            return time;
        }
    }
}
