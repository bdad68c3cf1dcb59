using System.Globalization;
using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Functions.Async;
using Millrace.Jobs;
using Millrace.Joins;
using Millrace.Simulation;
using Millrace.Tasks;

namespace Millrace.Async;

/// <summary>Lookup joins within whole programs: number <c>n</c> has the key <c>n % 13</c>, and key <c>k</c> has
/// <c>k % 3</c> rows.</summary>
[TestClass]
public sealed class LookupJoinSimulationTests
{
    private const int Seeds = 8;
    private const int Records = 300;

    private static readonly TimeSpan Patient = TimeSpan.FromMinutes(1);

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Each_record_joins_the_rows_of_its_key(bool left)
    {
        string[] expected =
        [
            .. from number in Enumerable.Range(0, Records)
               let rows = number % 13 % 3
               from row in left && rows == 0 ? [-1] : Enumerable.Range(0, rows)
               select row < 0 ? $"{number}: none" : $"{number}: {number % 13}.{row}",
        ];
        for (int seed = 0; seed < Seeds; seed++)
        {
            int mine = seed;
            List<string> results = SimulatedJob.Collect<string>(seed, 2, 2, env =>
            {
                LookupJoin<long, long, string> join = env.SetBatchSize(1 + (mine % 9))
                    .FromSequence(0, Records - 1)
                    .KeyBy(number => number % 13)
                    .LookupJoin(number => number % 13, new Rows(mine), Patient, capacity: 1 + (mine * 3))
                    .WithRetry(AsyncRetryStrategy.FixedDelay<string>(50, TimeSpan.FromMilliseconds(1)));
                if (mine % 2 == 0)
                {
                    join = join.Unordered().WithCache(5, TimeSpan.FromMilliseconds(20));
                }

                DataStream<string> joined = left
                    ? join.ApplyLeft((number, row) => $"{number}: {row ?? "none"}")
                    : join.Apply((number, row) => $"{number}: {row}");
                joined.Rebalance().Map(text => text).CollectTo("out");
            });

            CollectionAssert.AreEquivalent(expected, results, $"seed {seed}");
        }
    }

    // One row or none, by a lambda; all keys find room, so that each is looked up once.
    [TestMethod]
    public void With_room_for_all_keys_each_is_looked_up_once_and_the_figures_say_so()
    {
        int lookups = 0;
        SimulatedCluster cluster = SimulatedJob.Finish(seed: 3, 1, 1, env => env
            .FromSequence(0, Records - 1)
            .LookupJoin(
                number => number % 13,
                async (key, cancellationToken) =>
                {
                    lookups++;
                    await Task.Yield();
                    return key == 7 ? null : key.ToString(CultureInfo.InvariantCulture);
                },
                Patient)
            .WithCache(13)
            .Apply((number, row) => $"{number}: {row}")
            .CollectTo("out"));

        Assert.AreEqual(JobStatus.Finished, cluster.Status);
        Assert.AreEqual(13, lookups);
        TaskMetrics figures = cluster.Details.Vertices[0].Subtasks[0].Metrics!;
        Assert.AreEqual(Records, figures.LookupHits + figures.LookupMisses);
        Assert.IsGreaterThan(Records / 2, figures.LookupHits);
        Assert.AreEqual(0, figures.LookupEvictions);
    }

    private sealed class Rows(int seed) : LookupFunction<long, string>
    {
        private readonly Random _random = new(seed);
        private TimeProvider _time = TimeProvider.System;

        public override void Open(RuntimeContext context) => _time = context.Time;

        public override async ValueTask<IReadOnlyList<string>> LookupAsync(
            long key, CancellationToken cancellationToken)
        {
            if (_random.Next(3) > 0)
            {
                await Task.Delay(
                    TimeSpan.FromMicroseconds(_random.Next(5_000)), timeProvider: _time, cancellationToken);
            }

            return _random.Next(10) == 0
                ? throw new InvalidDataException($"key {key} is not found right now")
                : [.. Enumerable.Range(0, (int)key % 3).Select(i => $"{key}.{i}")];
        }
    }
}
