using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Graph;

namespace Millrace.Joins;

/// <summary>Joins in whole jobs, under many orders of events, against plain queries over the same records.</summary>
[TestClass]
public sealed class JoinSimulationTests
{
    private const int Seeds = 5;

    private static readonly TimedSource First = new(splits: 4, records: 60);
    private static readonly TimedSource Second = new(splits: 2, records: 50);

    private static readonly WatermarkStrategy<long> Bounded =
        WatermarkStrategy.ForBoundedOutOfOrderness<long>(TimeSpan.FromMilliseconds(TimedSource.Disorder));

    [TestMethod]
    [DataRow(1, 1, RuntimeMode.Streaming)]
    [DataRow(2, 3, RuntimeMode.Streaming)]
    [DataRow(2, 2, RuntimeMode.Batch)]
    public void Pairs_within_an_interval(int silos, int parallelism, RuntimeMode mode)
    {
        (long Left, long Right)[] expected =
        [
            .. from left in First.All
               from right in Second.All
               where left % 7 == right % 7 && right > left - 20 && right <= left + 35
               select (left, right),
        ];

        for (int seed = 0; seed < Seeds; seed++)
        {
            List<(long Left, long Right)> pairs = SimulatedJob.Collect<(long Left, long Right)>(
                seed, silos, parallelism, env => Begin(env, seed, mode).FromSource(First, Bounded).KeyBy(x => x % 7)
                    .IntervalJoin(env.FromSource(Second, Bounded).KeyBy(x => x % 7))
                    .Between(TimeSpan.FromMilliseconds(-20), TimeSpan.FromMilliseconds(35)).LowerBoundExclusive()
                    .Apply((left, right) => (left, right))
                    .CollectTo("out"));

            CollectionAssert.AreEquivalent(expected, pairs, $"seed {seed}");
        }
    }

    [TestMethod]
    [DataRow(1, 1, RuntimeMode.Streaming)]
    [DataRow(2, 3, RuntimeMode.Streaming)]
    [DataRow(2, 2, RuntimeMode.Batch)]
    public void Each_record_with_the_version_valid_at_its_time(int silos, int parallelism, RuntimeMode mode)
    {
        (long Left, long Version)[] expected =
        [
            .. from left in First.All
               let valid = Second.All.Where(version => version % 7 == left % 7 && version <= left).ToArray()
               where valid.Length > 0
               select (left, valid.Max()),
        ];

        for (int seed = 0; seed < Seeds; seed++)
        {
            List<(long Left, long Version)> pairs = SimulatedJob.Collect<(long Left, long Version)>(
                seed, silos, parallelism, env => Begin(env, seed, mode).FromSource(First, Bounded).KeyBy(x => x % 7)
                    .TemporalJoin(env.FromSource(Second, Bounded).KeyBy(x => x % 7))
                    .Apply((left, version) => (left, version))
                    .CollectTo("out"));

            CollectionAssert.AreEquivalent(expected, pairs, $"seed {seed}");
        }
    }

    private static StreamExecutionEnvironment Begin(StreamExecutionEnvironment env, int seed, RuntimeMode mode) =>
        env.SetBatchSize(1 + (seed % 7)).SetAutoWatermarkInterval(TimeSpan.Zero).SetRuntimeMode(mode);
}
