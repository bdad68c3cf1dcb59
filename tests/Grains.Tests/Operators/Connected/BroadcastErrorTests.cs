using Millrace.Functions;
using Millrace.Functions.Connected;
using Millrace.Harnesses;
using Millrace.State;

namespace Millrace.Operators.Connected;

/// <summary>What functions of a broadcast stream must not do, and what they are told then.</summary>
[TestClass]
public sealed class BroadcastErrorTests
{
    private static readonly MapStateDescriptor<string, int> Rules = new("rules");

    private static readonly ValueStateDescriptor<int> Count = new("count");

    [TestMethod]
    [DataRow("cast")]
    [DataRow("opened")]
    [DataRow("remove")]
    [DataRow("clear")]
    [DataRow("timer")]
    public void Changes_for_a_record_or_timer_that_one_subtask_handles_are_refused(string how)
    {
        using TwoInputHarness<string, string, string> harness = Keyed();
        harness.ProcessRight("seed", 1);

        InvalidStateUseException error = Assert.ThrowsExactly<InvalidStateUseException>(() =>
        {
            harness.ProcessLeft(how, 1);
            harness.AdvanceWatermark(100);
        });

        StringAssert.Contains(error.Message, "'rules under test'");
        StringAssert.Contains(error.Message, "broadcast state 'rules'");
        StringAssert.Contains(error.Message, "ProcessBroadcastElement");
        Assert.AreEqual(1, harness.ReadOperatorState(context => context.GetBroadcastState(Rules).Count));
    }

    [TestMethod]
    public void The_broadcast_side_may_change_the_state_after_the_record_side_has_worked()
    {
        using TwoInputHarness<string, string, string> harness = Keyed();

        harness.ProcessLeft("read", 1);
        harness.ProcessRight("seed", 1);
        harness.AdvanceWatermark(100);
        harness.ProcessRight("more", 101);

        CollectionAssert.AreEquivalent(
            new[] { "seed", "more" },
            harness.ReadOperatorState(context => context.GetBroadcastState(Rules).Select(rule => rule.Key).ToArray()));
    }

    [TestMethod]
    public void A_state_that_is_not_declared_is_refused_with_those_that_are()
    {
        using TwoInputHarness<string, string, string> harness = Keyed();

        InvalidStateUseException error =
            Assert.ThrowsExactly<InvalidStateUseException>(() => harness.ProcessLeft("undeclared"));

        StringAssert.Contains(error.Message, "'rules under test'");
        StringAssert.Contains(error.Message, "'other', a map from System.Int32 to System.Int32");
        StringAssert.Contains(error.Message, "that has 'rules', a map from System.String to System.Int32");
        StringAssert.Contains(error.Message, ".Broadcast(...)");
    }

    [TestMethod]
    public void A_declared_name_with_other_types_is_refused_with_both()
    {
        using TwoInputHarness<string, string, string> harness = Keyed();

        InvalidStateUseException error =
            Assert.ThrowsExactly<InvalidStateUseException>(() => harness.ProcessLeft("other types"));

        StringAssert.Contains(error.Message, "a map from System.String to System.Int32");
        StringAssert.Contains(error.Message, "a map from System.String to System.Int64");
    }

    [TestMethod]
    public void A_descriptor_of_the_same_name_and_types_is_the_same_state()
    {
        using TwoInputHarness<string, string, string> harness = Keyed();

        harness.ProcessRight("seed");
        harness.ProcessLeft("same");

        CollectionAssert.AreEqual(new[] { "1" }, harness.Results.ToArray());
    }

    [TestMethod]
    public void State_by_key_on_the_broadcast_side_is_refused_and_says_what_to_use()
    {
        using TwoInputHarness<string, string, string> harness = Keyed();
        harness.ProcessLeft("read");

        InvalidStateUseException error =
            Assert.ThrowsExactly<InvalidStateUseException>(() => harness.ProcessRight("by key"));

        StringAssert.Contains(error.Message, "'count'");
        StringAssert.Contains(error.Message, "ApplyToKeyedState");
    }

    [TestMethod]
    public void State_by_key_in_a_function_without_keys_is_refused()
    {
        InvalidStateUseException error = Assert.ThrowsExactly<InvalidStateUseException>(
            () => FunctionHarness.Of<string, string, string>((records, rules) =>
                records.Connect(rules.Broadcast(Rules)).Process(new AsksByKey()).Name("no keys")));

        StringAssert.Contains(error.Message, "'no keys'");
        StringAssert.Contains(error.Message, "KeyBy");
    }

    // Each subtask has the whole once; how many there were and will be makes no difference.
    [TestMethod]
    [DataRow(1, 3)]
    [DataRow(3, 1)]
    [DataRow(2, 2)]
    public void Each_subtask_takes_over_one_whole_copy(int before, int after)
    {
        HarnessSnapshot[] snapshots = [.. Enumerable.Range(0, before).Select(subtask =>
        {
            using TwoInputHarness<string, string, string> harness = Keyed(subtask, before);
            harness.ProcessRight("a");
            harness.ProcessRight("b");
            return harness.Snapshot();
        })];

        for (int subtask = 0; subtask < after; subtask++)
        {
            using TwoInputHarness<string, string, string> harness = Keyed(subtask, after, snapshots);
            Assert.AreEqual(2, harness.ReadOperatorState(context => context.GetBroadcastState(Rules).Count));
        }
    }

    private static TwoInputHarness<string, string, string> Keyed(
        int subtask = 0, int parallelism = 1, params HarnessSnapshot[] restored) =>
        FunctionHarness.Of<string, string, string>(
            (records, rules) => records.KeyBy(record => record).Connect(rules.Broadcast(Rules))
                .Process(new Misuse()).Name("rules under test"),
            new HarnessSettings { Subtask = subtask, Parallelism = parallelism, Restore = restored });

    private sealed class Misuse : KeyedBroadcastProcessFunction<string, string, string, string>
    {
        private IBroadcastState<string, int> _opened = null!;
        private IValueState<int> _count = null!;

        public override void Open(RuntimeContext context)
        {
            _opened = context.GetBroadcastState(Rules);
            _count = context.GetState(Count);
        }

        public override void ProcessElement(string value, ReadOnlyContext context, ICollector<string> output)
        {
            _count.Update(_count.Value + 1);
            context.TimerService.RegisterEventTimeTimer(50);
            switch (value)
            {
                case "cast":
                    ((IBroadcastState<string, int>)context.GetBroadcastState(Rules)).Put("x", 1);
                    break;
                case "opened":
                    _opened.Put("x", 1);
                    break;
                case "remove":
                    _opened.Remove("seed");
                    break;
                case "clear":
                    _opened.Clear();
                    break;
                case "undeclared":
                    context.GetBroadcastState(new MapStateDescriptor<int, int>("other"));
                    break;
                case "other types":
                    context.GetBroadcastState(new MapStateDescriptor<string, long>("rules"));
                    break;
                case "same":
                    output.Emit($"{context.GetBroadcastState(new MapStateDescriptor<string, int>("rules")).Count}");
                    break;
            }
        }

        public override void ProcessBroadcastElement(string value, Context context, ICollector<string> output)
        {
            if (value == "by key")
            {
                _count.Update(1);
            }

            context.GetBroadcastState(Rules).Put(value, 1);
        }

        public override void OnTimer(long timestamp, OnTimerContext context, ICollector<string> output)
        {
            if (context.CurrentKey == "timer")
            {
                _opened.Put("x", 1);
            }
        }
    }

    private sealed class AsksByKey : BroadcastProcessFunction<string, string, string>
    {
        public override void Open(RuntimeContext context) => context.GetState(Count);

        public override void ProcessElement(string value, ReadOnlyContext context, ICollector<string> output)
        {
        }

        public override void ProcessBroadcastElement(string value, Context context, ICollector<string> output)
        {
        }
    }
}
