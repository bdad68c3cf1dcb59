using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Graph;
using Millrace.Windowing.Assigners;

namespace Millrace.Windows;

/// <summary>Windows and joins of windows in whole jobs, under many orders of events, against plain queries over the
/// same records.</summary>
[TestClass]
public sealed class WindowSimulationTests
{
    private const int Seeds = 4;

    private static readonly TimedSource First = new(splits: 4, records: 60);
    private static readonly TimedSource Second = new(splits: 2, records: 50);

    private static readonly WatermarkStrategy<long> Bounded =
        WatermarkStrategy.ForBoundedOutOfOrderness<long>(TimeSpan.FromMilliseconds(TimedSource.Disorder));

    private static readonly TumblingEventTimeWindows Fifties =
        TumblingEventTimeWindows.Of(TimeSpan.FromMilliseconds(50));

    [TestMethod]
    [DataRow(1, 1, RuntimeMode.Streaming)]
    [DataRow(2, 3, RuntimeMode.Streaming)]
    [DataRow(2, 2, RuntimeMode.Batch)]
    public void All_records_of_windows_by_key(int silos, int parallelism, RuntimeMode mode) => Verify(
        [.. First.All.GroupBy(x => (x % 7, x / 50)).Select(window => Text(window.Key.Item1, window))],
        silos,
        parallelism,
        mode,
        (stream, _) => stream.KeyBy(x => x % 7).Window(Fifties)
            .Apply((key, _, values) => (string[])[Text(key, values)]));

    [TestMethod]
    [DataRow(1, 1, RuntimeMode.Streaming)]
    [DataRow(2, 3, RuntimeMode.Streaming)]
    [DataRow(2, 2, RuntimeMode.Batch)]
    public void All_records_of_windows_without_keys(int silos, int parallelism, RuntimeMode mode)
    {
        Verify(
            [.. First.All.GroupBy(x => x / 50).Select(window => $"{window.Key * 50}: {window.Count()}")],
            silos,
            parallelism,
            mode,
            (stream, _) => stream.WindowAll(Fifties).Count().Map(count => $"{count.Key.Start}: {count.Value}"));
        Verify(
            [.. First.All.GroupBy(x => x / 50).Select(window => Text(window.Key * 50, window))],
            silos,
            parallelism,
            mode,
            (stream, _) => stream.WindowAll(Fifties).Apply((window, values) => (string[])[Text(window.Start, values)]));
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 3)]
    public void Windows_of_numbers_of_records(int silos, int parallelism)
    {
        int full = First.All.GroupBy(x => x % 7).Sum(key => key.Count() / 4);
        for (int seed = 0; seed < Seeds; seed++)
        {
            List<int> sizes = SimulatedJob.Collect<int>(seed, silos, parallelism, env =>
                Begin(env, seed, RuntimeMode.Streaming).FromSource(First, Bounded).KeyBy(x => x % 7).CountWindow(4)
                    .Apply((_, _, values) => (int[])[values.Count()]).CollectTo("out"));
            CollectionAssert.AreEqual(Enumerable.Repeat(4, full).ToArray(), sizes);
        }
    }

    [TestMethod]
    [DataRow(1, 1, RuntimeMode.Streaming)]
    [DataRow(2, 3, RuntimeMode.Streaming)]
    [DataRow(2, 2, RuntimeMode.Batch)]
    public void Pairs_in_a_window(int silos, int parallelism, RuntimeMode mode) => Verify(
        [
            .. from left in First.All
               from right in Second.All
               where left % 7 == right % 7 && left / 50 == right / 50
               select $"{left} {right}",
        ],
        silos,
        parallelism,
        mode,
        (left, right) => left.Join(right).Where(x => x % 7).EqualTo(x => x % 7).Window(Fifties)
            .Apply((x, y) => $"{x} {y}"));

    [TestMethod]
    [DataRow(1, 1, RuntimeMode.Streaming)]
    [DataRow(2, 3, RuntimeMode.Streaming)]
    [DataRow(2, 2, RuntimeMode.Batch)]
    public void Groups_in_a_window(int silos, int parallelism, RuntimeMode mode) => Verify(
        [
            .. First.All.Select(x => (Key: (x % 7, x / 50), IsLeft: true))
                .Concat(Second.All.Select(x => (Key: (x % 7, x / 50), IsLeft: false)))
                .GroupBy(x => x.Key)
                .Select(group => $"{group.Count(x => x.IsLeft)} and {group.Count(x => !x.IsLeft)}"),
        ],
        silos,
        parallelism,
        mode,
        (left, right) => left.CoGroup(right).Where(x => x % 7).EqualTo(x => x % 7).Window(Fifties)
            .Apply((lefts, rights) => (string[])[$"{lefts.Count} and {rights.Count}"]));

    private static void Verify(
        string[] expected,
        int silos,
        int parallelism,
        RuntimeMode mode,
        Func<DataStream<long>, DataStream<long>, DataStream<string>> define)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            List<string> results = SimulatedJob.Collect<string>(seed, silos, parallelism, env =>
            {
                Begin(env, seed, mode);
                DataStream<long> first = env.FromSource(First, Bounded);
                define(first, env.FromSource(Second, Bounded)).CollectTo("out");
            });
            CollectionAssert.AreEquivalent(expected, results, $"seed {seed}");
        }
    }

    private static string Text(long key, IEnumerable<long> values) => $"{key}: {string.Join(' ', values.Order())}";

    private static StreamExecutionEnvironment Begin(StreamExecutionEnvironment env, int seed, RuntimeMode mode) =>
        env.SetBatchSize(1 + (seed % 7)).SetAutoWatermarkInterval(TimeSpan.Zero).SetRuntimeMode(mode);
}
