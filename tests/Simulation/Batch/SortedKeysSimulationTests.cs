using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Execution.Spilling;
using Millrace.Functions;
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

    // Maps, filters, unions and partitionings drawn from the seed before a function with state and timers.
    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 3)]
    public void Random_programs_give_the_same_final_rows_in_every_mode(int silos, int parallelism)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            List<string> streaming = Rows(seed, silos, parallelism, RuntimeMode.Streaming, ExchangeKind.Pipelined);
            List<string> batch = Rows(seed, silos, parallelism, RuntimeMode.Batch, ExchangeKind.Pipelined);
            List<string> stages = Rows(seed, silos, parallelism, RuntimeMode.Batch, ExchangeKind.Blocking);

            Assert.IsNotEmpty(streaming);
            CollectionAssert.AreEquivalent(streaming, batch, $"seed {seed}: batch mode");
            CollectionAssert.AreEquivalent(streaming, stages, $"seed {seed}: in stages");
        }
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
        Assert.IsEmpty(cluster.Simulation.Disk.Paths);
    }

    private static List<string> Rows(
        int seed, int silos, int parallelism, RuntimeMode mode, ExchangeKind exchange) =>
        SimulatedJob.Collect<string>(
            seed,
            silos,
            parallelism,
            env =>
            {
                var random = new Random(seed);
                env.SetRuntimeMode(mode).SetBatchExchange(exchange).SetBatchSize(1 + random.Next(9));
                DataStream<long> stream = env.FromSource(new TimedSource(4, 40), Late);
                for (int steps = random.Next(4); steps > 0; steps--)
                {
                    stream = Next(stream, random);
                }

                int keys = 3 + random.Next(40);
                stream.KeyBy(x => x % keys).Process(new Buckets()).CollectTo("out");
            },
            seed % 3 == 0 ? null : Tiny);

    private static DataStream<long> Next(DataStream<long> stream, Random random) => random.Next(5) switch
    {
        0 => stream.Map(x => x + 1),
        1 => stream.Filter(x => x % 3 != 0),
        2 => stream.Union(stream.Map(x => -x)),
        3 => stream.To((PartitionerKind)random.Next((int)PartitionerKind.Hash + 1, (int)PartitionerKind.Shuffle + 1)),
        _ => stream.FlatMap(x => new[] { x, x * 2 }),
    };

    /// <summary>Sums by 100 ms, with the number and the list of what went in.</summary>
    private sealed class Buckets : KeyedProcessFunction<long, long, string>
    {
        private IMapState<long, long> _sums = null!;
        private IListState<long> _all = null!;
        private IValueState<int> _count = null!;

        public override void Open(RuntimeContext context)
        {
            _sums = context.GetState(new MapStateDescriptor<long, long>("sums"));
            _all = context.GetState(new ListStateDescriptor<long>("all"));
            _count = context.GetState(new ValueStateDescriptor<int>("count"));
        }

        public override void ProcessElement(long value, Context context, ICollector<string> output)
        {
            long bucket = (context.Timestamp!.Value / 100 * 100) + 99;
            _sums.TryGet(bucket, out long sum);
            _sums[bucket] = sum + value;
            _all.Add(value);
            _count.Update(_count.Value + 1);
            context.TimerService.RegisterEventTimeTimer(bucket);
            context.TimerService.RegisterEventTimeTimer(long.MaxValue - 1);
        }

        public override void OnTimer(long timestamp, OnTimerContext context, ICollector<string> output)
        {
            if (timestamp == long.MaxValue - 1)
            {
                output.Emit($"{context.CurrentKey}: {_count.Value} records, {_all.Sum()} in all");
                return;
            }

            _sums.TryGet(timestamp, out long sum);
            _sums.Remove(timestamp);
            output.Emit($"{context.CurrentKey} until {timestamp}: {sum}");
        }
    }

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

    private sealed class Last : KeyedProcessFunction<long, long, long>
    {
        public override void ProcessElement(long value, Context context, ICollector<long> output) =>
            context.TimerService.RegisterEventTimeTimer(1);

        public override void OnTimer(long timestamp, OnTimerContext context, ICollector<long> output) =>
            output.Emit(context.CurrentKey);
    }
}
