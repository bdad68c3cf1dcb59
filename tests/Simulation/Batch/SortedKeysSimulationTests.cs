using Millrace.Connectors;
using Millrace.EventTime;
using Millrace.Execution.Spilling;
using Millrace.Functions;
using Millrace.Functions.Connected;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Simulation;
using Millrace.State;

namespace Millrace.Batch;

/// <summary>Keyed functions over bounded input: the same final rows in streaming mode, in batch mode and in stages, and
/// in batch mode one key after the other.</summary>
[TestClass]
public sealed class SortedKeysSimulationTests
{
    private const int Seeds = 12;

    private static readonly SimulatedShape Tiny = new()
    {
        Batch = new BatchOptions { PartitionMemoryBytes = 16 << 10, SortMemoryBytes = 2 << 10 },
    };

    private static readonly WatermarkStrategy<long> Late =
        WatermarkStrategy.ForBoundedOutOfOrderness<long>(TimeSpan.FromMilliseconds(TimedSource.Disorder));

    public static IEnumerable<object[]> Programs =>
        from kind in Enumerable.Range(0, RandomPrograms.Kinds)
        from shape in new[] { (1, 1), (2, 3) }
        select new object[] { kind, shape.Item1, shape.Item2 };

    [TestMethod]
    [DynamicData(nameof(Programs))]
    public void Random_programs_give_the_same_final_rows_in_every_mode(int kind, int silos, int parallelism)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            List<string> streaming = Rows(seed, kind, silos, parallelism, RuntimeMode.Streaming);
            List<string> batch = Rows(seed, kind, silos, parallelism, RuntimeMode.Batch, ExchangeKind.Pipelined);
            List<string> stages = Rows(seed, kind, silos, parallelism, RuntimeMode.Batch, ExchangeKind.Blocking);

            Assert.IsNotEmpty(streaming);
            CollectionAssert.AreEquivalent(FinalOf(streaming), batch, $"seed {seed}: batch mode");
            CollectionAssert.AreEquivalent(FinalOf(streaming), stages, $"seed {seed}: in stages");
        }

        // Results of a rolling aggregate have its key in front; other rows are there once.
        List<string> FinalOf(List<string> rows) => kind != 4
            ? rows
            : [.. rows.GroupBy(row => row[..row.IndexOf(':', StringComparison.Ordinal)]).Select(group => group.Last())];
    }

    [TestMethod]
    [DataRow(ExchangeKind.Pipelined)]
    [DataRow(ExchangeKind.Blocking)]
    public void In_batch_mode_keys_come_one_by_one_and_their_records_in_the_order_of_time(ExchangeKind exchange)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var source = new TimedSource(splits: 6, records: 60);
            List<long> keys = SimulatedJob.Collect<long>(
                seed,
                2,
                2,
                env => env.SetRuntimeMode(RuntimeMode.Batch).SetBatchExchange(exchange).SetBatchSize(1 + (seed % 7))
                    .FromSource(source, Late).KeyBy(x => x % 31).Process(new OneByOne()).CollectTo("out"),
                seed % 2 == 0 ? Tiny : null);

            CollectionAssert.AreEquivalent(
                source.All.Select(x => x % 31).Distinct().ToArray(), keys, $"seed {seed}");
        }
    }

    [TestMethod]
    [DataRow(ExchangeKind.Pipelined)]
    [DataRow(ExchangeKind.Blocking)]
    public void Of_two_inputs_the_records_of_one_key_come_together_and_in_the_order_of_time(ExchangeKind exchange)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            TimedSource left = new(splits: 5, records: 40);
            TimedSource right = new(splits: 3, records: 70);
            List<long> keys = SimulatedJob.Collect<long>(
                seed,
                2,
                2,
                env => env.SetRuntimeMode(RuntimeMode.Batch).SetBatchExchange(exchange).SetBatchSize(1 + (seed % 7))
                    .FromSource(left, Late).KeyBy(x => x % 31)
                    .Connect(env.FromSource(right, Late).KeyBy(x => x % 31))
                    .Process(new BothOneByOne()).CollectTo("out"),
                seed % 2 == 0 ? Tiny : null);

            CollectionAssert.AreEquivalent(
                left.All.Concat(right.All).Select(x => x % 31).Distinct().ToArray(), keys, $"seed {seed}");
        }
    }

    [TestMethod]
    public void Damage_to_what_was_sorted_is_seen()
    {
        bool damaged = false;
        SimulatedCluster cluster = SimulatedJob.Finish(
            5,
            1,
            1,
            env => env.SetRuntimeMode(RuntimeMode.Batch).FromSequence(0, 2_999)
                .KeyBy(x => x % 31).Process(new Last()).CollectTo("out"),
            cluster => (
                () => cluster.Simulation.Disk.Written > 20_000,
                () => damaged = cluster.Simulation.Disk.Damage()),
            shape: Tiny);

        Assert.IsTrue(damaged, "something was spilled");
        Assert.AreEqual(JobStatus.Failed, cluster.Status);
        Assert.Contains("are not those that were written", cluster.Failure!.Message);
        Assert.Contains(".spill'", cluster.Failure.Message);
        Assert.IsEmpty(cluster.Simulation.Disk.Paths);
    }

    [TestMethod]
    public void A_sorted_run_that_is_cut_off_is_seen()
    {
        bool cut = false;
        SimulatedCluster cluster = SimulatedJob.Finish(
            5,
            1,
            1,
            env => env.SetRuntimeMode(RuntimeMode.Batch).FromSequence(0, 2_999)
                .KeyBy(x => x % 31).Process(new Last()).CollectTo("out"),
            cluster => (
                () => cluster.Simulation.Disk.Written > 20_000,
                () => cut = cluster.Simulation.Disk.CutOff()),
            shape: Tiny);

        Assert.IsTrue(cut, "something was spilled");
        Assert.AreEqual(JobStatus.Failed, cluster.Status);
        Assert.MatchesRegex("too early|not those that were written", cluster.Failure!.Message);
        Assert.Contains(".spill'", cluster.Failure.Message);
        Assert.IsEmpty(cluster.Simulation.Disk.Paths);
    }

    private static List<string> Rows(
        int seed,
        int kind,
        int silos,
        int parallelism,
        RuntimeMode mode,
        ExchangeKind exchange = ExchangeKind.Pipelined) =>
        SimulatedJob.Collect<string>(
            seed,
            silos,
            parallelism,
            env => RandomPrograms.Define(env.SetRuntimeMode(mode).SetBatchExchange(exchange), seed, kind)
                .CollectTo("out"),
            seed % 3 == 0 ? null : Tiny);

    private sealed class OneByOne : KeyedProcessFunction<long, long, long>
    {
        private readonly HashSet<long> _seen = [];
        private IValueState<long> _last = null!;
        private long _key = -1;

        public override void Open(RuntimeContext context) =>
            _last = context.GetState(new ValueStateDescriptor<long>("last"));

        public override void ProcessElement(long value, Context context, ICollector<long> output)
        {
            if (context.CurrentKey != _key)
            {
                _key = context.CurrentKey;
                Assert.IsTrue(_seen.Add(_key), $"key {_key} came in two parts");
                Assert.AreEqual(0L, _last.Value, "a new key has no state");
                output.Emit(_key);
            }

            Assert.IsGreaterThanOrEqualTo(_last.Value, context.Timestamp!.Value);
            _last.Update(context.Timestamp.Value);
        }
    }

    private sealed class BothOneByOne : KeyedCoProcessFunction<long, long, long, long>
    {
        private readonly HashSet<long> _seen = [];
        private IValueState<long> _last = null!;
        private long _key = -1;

        public override void Open(RuntimeContext context) =>
            _last = context.GetState(new ValueStateDescriptor<long>("last"));

        public override void ProcessLeft(long value, Context context, ICollector<long> output) =>
            Take(context, output);

        public override void ProcessRight(long value, Context context, ICollector<long> output) =>
            Take(context, output);

        private void Take(Context context, ICollector<long> output)
        {
            if (context.CurrentKey != _key)
            {
                _key = context.CurrentKey;
                Assert.IsTrue(_seen.Add(_key), $"key {_key} came in two parts");
                Assert.AreEqual(0L, _last.Value, "a new key has no state");
                output.Emit(_key);
            }

            Assert.IsGreaterThanOrEqualTo(_last.Value, context.Timestamp!.Value);
            _last.Update(context.Timestamp.Value);
        }
    }

    private sealed class Last : KeyedProcessFunction<long, long, long>
    {
        public override void ProcessElement(long value, Context context, ICollector<long> output) =>
            context.TimerService.RegisterEventTimeTimer(1);

        public override void OnTimer(long timestamp, OnTimerContext context, ICollector<long> output) =>
            output.Emit(context.CurrentKey);
    }
}
