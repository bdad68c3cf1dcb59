using Millrace.Functions;
using Millrace.Functions.Connected;
using Millrace.Harnesses;
using Millrace.State;

namespace Millrace.Operators.Connected;

/// <summary>What a broadcast record means for all keys.</summary>
[TestClass]
public sealed class ApplyToKeyedStateTests
{
    private static readonly MapStateDescriptor<string, int> Rules = new("rules");

    [TestMethod]
    public void Every_key_that_has_the_state_is_reached_once_whatever_its_kind()
    {
        foreach (HarnessSettings settings in (HarnessSettings[])
            [new(), new() { Parallelism = 2 }, new() { Parallelism = 2, Subtask = 1 }])
        {
            using TwoInputHarness<string, string, string> harness = FunctionHarness.Of<string, string, string>(
                (words, rules) => words.KeyBy(word => word).Connect(rules.Broadcast(Rules)).Process(new Keeping()),
                settings);
            string[] words = [.. Enumerable.Range(0, 30).Select(i => $"w{i}").Where(harness.OwnsLeft)];
            Array.ForEach(words, word => harness.ProcessLeft(word));
            Array.ForEach(words, word => harness.ProcessLeft(word));

            foreach (string kind in (string[])["value", "list", "map", "reducing", "aggregating", "expiring"])
            {
                harness.ProcessRight(kind);
                CollectionAssert.AreEquivalent(
                    words.Select(word => $"{kind} of {word}: 2").ToArray(), harness.TakeResults().ToArray());

                harness.ProcessRight(kind);
                Assert.HasCount(0, harness.TakeResults(), $"all {kind} states have been cleared");
            }
        }
    }

    private sealed class Keeping : KeyedBroadcastProcessFunction<string, string, string, string>
    {
        private static readonly ValueStateDescriptor<int> Value = new("value");
        private static readonly ListStateDescriptor<string> List = new("list");
        private static readonly MapStateDescriptor<int, string> Map = new("map");
        private static readonly ReducingStateDescriptor<int> Reducing = new("reducing", (left, right) => left + right);
        private static readonly AggregatingStateDescriptor<int, int, int> Aggregating = new("aggregating", new Total());
        private static readonly ValueStateDescriptor<int> Expiring = new("expiring")
        {
            TimeToLive = new StateTtlConfig(TimeSpan.FromHours(1)),
        };

        private RuntimeContext _context = null!;

        public override void Open(RuntimeContext context) => _context = context;

        public override void ProcessElement(string value, ReadOnlyContext context, ICollector<string> output)
        {
            IValueState<int> number = _context.GetState(Value);
            number.Update(number.Value + 1);
            _context.GetState(List).Add(value);
            _context.GetState(Map)[number.Value] = value;
            _context.GetState(Reducing).Add(1);
            _context.GetState(Aggregating).Add(1);
            _context.GetState(Expiring).Update(number.Value);
        }

        public override void ProcessBroadcastElement(string value, Context context, ICollector<string> output)
        {
            switch (value)
            {
                case "value":
                    context.ApplyToKeyedState(Value, (key, state) => Tell(key, state.Value, state.Clear));
                    break;
                case "list":
                    context.ApplyToKeyedState(List, (key, state) => Tell(key, state.Count, state.Clear));
                    break;
                case "map":
                    context.ApplyToKeyedState(Map, (key, state) => Tell(key, state.Count, state.Clear));
                    break;
                case "reducing":
                    context.ApplyToKeyedState(Reducing, (key, state) => Tell(key, state.Value, state.Clear));
                    break;
                case "aggregating":
                    context.ApplyToKeyedState(Aggregating, (key, state) => Tell(key, state.Value, state.Clear));
                    break;
                default:
                    context.ApplyToKeyedState(Expiring, (key, state) => Tell(key, state.Value, state.Clear));
                    break;
            }

            void Tell(string key, int number, Action clear)
            {
                output.Emit($"{value} of {key}: {number}");
                clear();
            }
        }
    }

    private sealed class Total : IAggregateFunction<int, int, int>
    {
        public int CreateAccumulator() => 0;

        public int Add(int value, int accumulator) => accumulator + value;

        public int GetResult(int accumulator) => accumulator;

        public int Merge(int left, int right) => left + right;
    }
}
