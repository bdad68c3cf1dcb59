using Millrace.Functions;
using Millrace.Harnesses;
using Millrace.Joins;
using Millrace.State;
using Millrace.Windowing;
using Millrace.Windowing.Assigners;
using Millrace.Windowing.Triggers;

namespace Millrace.Operators;

/// <summary>Under no name do a function of the user and its operator keep something together.</summary>
[TestClass]
public sealed class StateNameTests
{
    private delegate void Ask(ProcessWindowFunction<int, int, int, TimeWindow>.Context context);

    private static IReadOnlyDictionary<string, Ask> OfWindows { get; } = new Dictionary<string, Ask>
    {
        ["contents"] = context =>
            _ = context.GlobalState.GetState(new ListStateDescriptor<int>("contents")).Count,
        ["merging"] = context =>
            _ = context.GlobalState.GetState(new MapStateDescriptor<TimeWindow, TimeWindow>("merging")).Count,
    };

    // The very state that the operator has, by kind and type: it would be handed out.
    [TestMethod]
    [DataRow("contents")]
    [DataRow("merging")]
    public void A_function_of_windows_cannot_ask_for_what_its_operator_keeps(string name)
    {
        using OneInputHarness<int, int> harness = FunctionHarness.Of<int, int>(numbers => numbers
            .KeyBy(number => number).Window(EventTimeSessionWindows.WithGap(TimeSpan.FromSeconds(1)))
            .Process(new Asking(OfWindows[name])));
        harness.Process(1, timestamp: 10);

        Refused(harness.Finish, "The function of operator", $"'{name}'", "the operator itself");
    }

    [TestMethod]
    public void A_function_of_windows_cannot_ask_for_the_contents_of_its_window()
    {
        using OneInputHarness<int, int> harness = FunctionHarness.Of<int, int>(numbers => numbers
            .KeyBy(number => number).Window(TumblingEventTimeWindows.Of(TimeSpan.FromSeconds(1)))
            .Process(new Asking(context =>
                _ = context.WindowState.GetState(new ListStateDescriptor<int>("contents")).Count)));
        harness.Process(1, timestamp: 10);

        Refused(harness.Finish, "'contents'", "the operator itself");
    }

    [TestMethod]
    public void What_a_trigger_keeps_is_not_its_functions()
    {
        using OneInputHarness<int, int> harness = FunctionHarness.Of<int, int>(numbers => numbers
            .KeyBy(number => number).Window(TumblingEventTimeWindows.Of(TimeSpan.FromSeconds(1)))
            .Trigger(CountTrigger.Of(2))
            .Process(new Asking(context => _ = context.WindowState.GetState(
                new ReducingStateDescriptor<long>("trigger-count", (left, right) => left + right)).Value)));
        harness.Process(1, timestamp: 10);

        Refused(() => harness.Process(1, timestamp: 20), "'trigger-count'", "its trigger");
    }

    [TestMethod]
    [DataRow("left")]
    [DataRow("right")]
    public void A_function_of_a_join_cannot_ask_for_the_records_that_wait(string name) => Refused(
        () => FunctionHarness.Of<int, int, int>((left, right) => left.KeyBy(number => number)
            .IntervalJoin(right.KeyBy(number => number)).Between(TimeSpan.Zero, TimeSpan.FromSeconds(1))
            .Process(new AskingJoin(name))),
        $"'{name}'",
        "the operator itself");

    private static void Refused(Action action, params string[] parts)
    {
        InvalidStateUseException error = Assert.ThrowsExactly<InvalidStateUseException>(action);
        foreach (string part in parts)
        {
            StringAssert.Contains(error.Message, part);
        }
    }

    private sealed class Asking(Ask ask) : ProcessWindowFunction<int, int, int, TimeWindow>
    {
        public override void Process(int key, Context context, IEnumerable<int> elements, ICollector<int> output) =>
            ask(context);
    }

    private sealed class AskingJoin(string name) : ProcessJoinFunction<int, int, int>
    {
        public override void Open(RuntimeContext context) =>
            context.GetState(new ValueStateDescriptor<string>(name));

        public override void ProcessElement(int left, int right, Context context, ICollector<int> output) =>
            output.Emit(left);
    }
}
