using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Execution.Spilling;
using Millrace.Functions;
using Millrace.Functions.Connected;
using Millrace.Graph;
using Millrace.Simulation;
using Millrace.State;

namespace Millrace.Batch;

/// <summary>In batch mode an input that every subtask gets whole is read to its end before the other one.</summary>
[TestClass]
public sealed class BroadcastFirstSimulationTests
{
    private const int Seeds = 12;
    private const int Rules = 700;
    private const int Records = 2_000;

    private static readonly SimulatedShape Tiny = new()
    {
        Batch = new BatchOptions { PartitionMemoryBytes = 16 << 10, SortMemoryBytes = 2 << 10 },
    };

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Every_record_meets_all_rules(bool rulesAreRight) => ForEachSeed(seed =>
    {
        List<long> seen = SimulatedJob.Collect<long>(
            seed,
            2,
            3,
            env =>
            {
                DataStream<long> records = env.SetRuntimeMode(RuntimeMode.Batch).SetBatchSize(1 + (seed % 11))
                    .FromSequence(0, Records - 1).Rebalance().Map(x => x).StartNewChain();
                DataStream<long> rules = env.FromSequence(0, Rules - 1).Rebalance().Map(x => x).Broadcast();
                DataStream<long> met = rulesAreRight
                    ? records.Connect(rules).Process(new RulesRight())
                    : rules.Connect(records).Process(new RulesLeft());
                met.CollectTo("out");
            },
            seed % 2 == 0 ? Tiny : null);

        CollectionAssert.AreEqual(Enumerable.Repeat((long)Rules, Records).ToArray(), seen, $"seed {seed}");
    });

    // The state of one key is held at a time: keys of one subtask do not come back.
    [TestMethod]
    public void Keyed_records_meet_all_rules_one_key_after_the_other() => ForEachSeed(seed =>
    {
        const int Keys = 41;
        List<string> seen = SimulatedJob.Collect<string>(
            seed,
            2,
            3,
            env => env.SetRuntimeMode(RuntimeMode.Batch).SetBatchSize(1 + (seed % 11))
                .FromSequence(0, Records - 1).KeyBy(x => x % Keys)
                .Connect(env.FromSequence(0, Rules - 1).Rebalance().Map(x => x).Broadcast(CountedRules.All))
                .Process(new CountedRules())
                .CollectTo("out"),
            seed % 2 == 0 ? Tiny : null);

        CollectionAssert.AreEquivalent(
            Enumerable.Range(0, Records)
                .Select(x => $"key {x % Keys} record {x / Keys} rules {Rules} others 0")
                .ToArray(),
            seen,
            $"seed {seed}");
    });

    // With queues between subtasks that run at the same time, the source would wait for ever: it feeds both inputs, and
    // the one that waits is full before the other one has ended.
    [TestMethod]
    public void One_source_may_feed_both_inputs_even_where_the_program_asks_for_queues() => ForEachSeed(seed =>
    {
        List<long> seen = SimulatedJob.Collect<long>(
            seed,
            1,
            2,
            env =>
            {
                DataStream<long> numbers = env.SetRuntimeMode(RuntimeMode.Batch)
                    .SetBatchExchange(ExchangeKind.Pipelined).SetBatchSize(4).FromSequence(0, Records - 1);
                numbers.Rebalance().Connect(numbers.Filter(x => x < Rules).Broadcast()).Process(new RulesRight())
                    .CollectTo("out");
            });

        CollectionAssert.AreEqual(Enumerable.Repeat((long)Rules, Records).ToArray(), seen, $"seed {seed}");
    });

    [TestMethod]
    public void In_streaming_mode_nothing_waits_for_the_end_of_the_rules() => ForEachSeed(seed =>
    {
        List<long> seen = SimulatedJob.Collect<long>(
            seed,
            1,
            1,
            env => env.SetRuntimeMode(RuntimeMode.Streaming).SetBatchSize(1).FromSequence(0, Records - 1)
                .Connect(env.FromSequence(0, Records - 1).Broadcast()).Process(new RulesRight()).CollectTo("out"));

        Assert.HasCount(Records, seen);
        Assert.IsLessThan((long)Records, seen.Min(), $"seed {seed}: a record came before the last rule");
    });

    private static void ForEachSeed(Action<int> run)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            run(seed);
        }
    }

    // Tells, for each record, how many of its key came before it, and how many of other keys since the first of those.
    private sealed class CountedRules : KeyedBroadcastProcessFunction<long, long, long, string>
    {
        public static readonly MapStateDescriptor<long, long> All = new("all");

        private readonly List<long> _order = [];
        private IValueState<long> _count = null!;

        public override void Open(RuntimeContext context) =>
            _count = context.GetState(new ValueStateDescriptor<long>("count"));

        public override void ProcessElement(long value, ReadOnlyContext context, ICollector<string> output)
        {
            long count = _count.Value;
            _count.Update(count + 1);
            long key = context.CurrentKey;
            int others = count == 0 ? 0 : _order.Skip(_order.IndexOf(key)).Count(other => other != key);
            _order.Add(key);
            output.Emit($"key {key} record {count} rules {context.GetBroadcastState(All).Count} others {others}");
        }

        public override void ProcessBroadcastElement(long value, Context context, ICollector<string> output) =>
            context.GetBroadcastState(All).Put(value, value);
    }

    private sealed class RulesRight : CoProcessFunction<long, long, long>
    {
        private long _rules;

        public override void ProcessLeft(long value, Context context, ICollector<long> output) => output.Emit(_rules);

        public override void ProcessRight(long value, Context context, ICollector<long> output) => _rules++;
    }

    private sealed class RulesLeft : CoProcessFunction<long, long, long>
    {
        private long _rules;

        public override void ProcessLeft(long value, Context context, ICollector<long> output) => _rules++;

        public override void ProcessRight(long value, Context context, ICollector<long> output) => output.Emit(_rules);
    }
}
