using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Functions.Connected;
using Millrace.Graph;
using Millrace.State;

namespace Millrace.Connected;

/// <summary>Broadcast state in whole jobs, under many orders of events.</summary>
[TestClass]
public sealed class BroadcastSimulationTests
{
    private const int Seeds = 8;

    private static readonly (long Remainder, string Name)[] Rules = [(1, "one"), (3, "three"), (4, "four")];

    // Whatever comes first: a number without a rule waits in its key's state until the rule comes.
    [TestMethod]
    [DataRow(1, 1, RuntimeMode.Streaming)]
    [DataRow(2, 3, RuntimeMode.Streaming)]
    [DataRow(3, 4, RuntimeMode.Streaming)]
    [DataRow(2, 2, RuntimeMode.Batch)]
    public void Every_number_meets_its_rule_once(int silos, int parallelism, RuntimeMode mode)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            int batch = 1 + (seed % 7);
            List<string> records = SimulatedJob.Collect<string>(seed, silos, parallelism, env =>
            {
                env.SetBatchSize(batch).SetRuntimeMode(mode);
                DataStream<string> named = env.FromSequence(0, 99).KeyBy(x => x % 10)
                    .Connect(env.FromElements(Rules).Broadcast(ByRule.Names))
                    .Process(new ByRule());
                named.Union(named.GetSideOutput(ByRule.Seen).Map(rule => $"seen {rule}")).CollectTo("out");
            });

            CollectionAssert.AreEquivalent(
                Enumerable.Range(0, 100)
                    .SelectMany(x => Rules.Where(rule => rule.Remainder == x % 5).Select(rule => $"{x} {rule.Name}"))
                    .Concat(Rules.SelectMany(rule => Enumerable.Repeat($"seen {rule.Name}", parallelism)))
                    .ToArray(),
                records,
                $"seed {seed}");
        }
    }

    // In every subtask the last word on each rule is the same one, though records of two sources come in any order.
    [TestMethod]
    [DataRow(1, 2)]
    [DataRow(3, 3)]
    public void Every_subtask_gets_every_broadcast_record(int silos, int parallelism)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            List<string> records = SimulatedJob.Collect<string>(seed, silos, parallelism, env =>
                env.FromElements<long>(1).Connect(env.FromSequence(0, 49).Broadcast(Counting.Counts))
                    .Process(new Counting()).CollectTo("out"));

            CollectionAssert.AreEquivalent(
                Enumerable.Repeat("all", parallelism).ToArray(), records, $"seed {seed}");
        }
    }

    private sealed class ByRule : KeyedBroadcastProcessFunction<long, long, (long Remainder, string Name), string>
    {
        public static readonly MapStateDescriptor<long, string> Names = new("names");

        public static readonly OutputTag<string> Seen = new("seen");

        private static readonly ListStateDescriptor<long> WaitingName = new("waiting");

        private IListState<long> _waiting = null!;

        public override void Open(RuntimeContext context) => _waiting = context.GetState(WaitingName);

        public override void ProcessElement(long value, ReadOnlyContext context, ICollector<string> output)
        {
            if (context.GetBroadcastState(Names).TryGet(value % 5, out string? name))
            {
                output.Emit($"{value} {name}");
                return;
            }

            _waiting.Add(value);
        }

        public override void ProcessBroadcastElement(
            (long Remainder, string Name) value, Context context, ICollector<string> output)
        {
            context.GetBroadcastState(Names).Put(value.Remainder, value.Name);
            context.Output(Seen, value.Name);
            context.ApplyToKeyedState(WaitingName, (key, waiting) =>
            {
                long[] all = [.. waiting];
                foreach (long number in all.Where(number => number % 5 == value.Remainder))
                {
                    output.Emit($"{number} {value.Name}");
                }

                waiting.Update(all.Where(number => number % 5 != value.Remainder));
            });
        }
    }

    private sealed class Counting : BroadcastProcessFunction<long, long, string>
    {
        public static readonly MapStateDescriptor<long, long> Counts = new("counts");

        public override void ProcessElement(long value, ReadOnlyContext context, ICollector<string> output)
        {
        }

        public override void ProcessBroadcastElement(long value, Context context, ICollector<string> output)
        {
            IBroadcastState<long, long> counts = context.GetBroadcastState(Counts);
            counts.Put(value, 1);
            if (counts.Count == 50)
            {
                output.Emit("all");
            }
        }
    }
}
