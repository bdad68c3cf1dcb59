using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Harnesses;
using Millrace.Windowing;
using Millrace.Windowing.Assigners;
using Millrace.Windowing.Triggers;

namespace Millrace.Operators.Windows;

/// <summary>Records at the ends of time: what comes of windows that never end has such times.</summary>
[TestClass]
public sealed class WindowTimesTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [TestMethod]
    [DataRow(long.MaxValue)]
    [DataRow(long.MaxValue - 500)]
    [DataRow((1L << 62) + 1)]
    [DataRow(-(1L << 62) - 1)]
    [DataRow(long.MinValue + 1)]
    public void A_time_that_no_window_can_be_cut_around_is_refused_by_name(long time)
    {
        Refused(time, numbers => numbers.Window(TumblingEventTimeWindows.Of(Second)).Count());
        Refused(time, numbers => numbers.Window(SlidingEventTimeWindows.Of(Second, Second / 2)).Count());
        Refused(time, numbers => numbers.Window(EventTimeSessionWindows.WithGap(Second)).Count());
        Refused(time, numbers => numbers.Window(TumblingEventTimeWindows.Of(Second)).AllowedLateness(Second).Count());
    }

    [TestMethod]
    [DataRow(1L << 62)]
    [DataRow(-(1L << 62))]
    public void Up_to_there_windows_are_those_of_any_time(long time)
    {
        foreach (OneInputHarness<int, Windowed<int, TimeWindow, long>> harness in new[]
        {
            Of(numbers => numbers.Window(SlidingEventTimeWindows.Of(Second, Second)).Count()),
            Of(numbers => numbers.Window(TumblingEventTimeWindows.Of(Second)).AllowedLateness(Second).Count()),
        })
        {
            harness.Process(1, time);
            harness.Finish();
            TimeWindow window = harness.Results.Single().Window;
            Assert.IsTrue(window.Start <= time && time < window.End && window.End - window.Start == 1_000);
            harness.Dispose();
        }
    }

    [TestMethod]
    public void A_trigger_that_fires_again_and_again_does_so_once_at_the_end_of_time()
    {
        using OneInputHarness<int, Windowed<int, GlobalWindow, long>> harness =
            FunctionHarness.Of<int, Windowed<int, GlobalWindow, long>>(numbers => numbers.KeyBy(_ => 0)
                .Window(GlobalWindows.Create()).Trigger(ContinuousEventTimeTrigger.Of(Second)).Count());
        harness.Process(1, long.MaxValue);
        harness.AdvanceWatermark(1_000_000);
        Assert.HasCount(0, harness.Results);
        harness.Finish();
        Assert.AreEqual(1, harness.Results.Single().Value);
    }

    // It would never come to its end, and nobody could cancel it.
    [TestMethod]
    public void An_assigner_that_gives_no_end_of_windows_is_refused_with_the_time_of_the_record()
    {
        using OneInputHarness<int, Windowed<int, TimeWindow, long>> harness =
            Of(numbers => numbers.Window(new Endless()).Count());

        InvalidOperationException error =
            Assert.ThrowsExactly<InvalidOperationException>(() => harness.Process(1, 1_234));

        StringAssert.Contains(error.Message, "'every millisecond' of 'by second'");
        StringAssert.Contains(error.Message, "a record of time 1234 more than 100000 windows");
    }

    private sealed class Endless : WindowAssigner<TimeWindow>
    {
        public override bool IsEventTime => true;

        public override Trigger DefaultTrigger => EventTimeTrigger.Create();

        public override string Description => "every millisecond";

        public override void AssignWindows(long timestamp, ICollector<TimeWindow> windows)
        {
            for (long end = timestamp; ; end++)
            {
                windows.Emit(new TimeWindow(timestamp, end + 1));
            }
        }
    }

    private static OneInputHarness<int, Windowed<int, TimeWindow, long>> Of(
        Func<KeyedStream<int, int>, DataStream<Windowed<int, TimeWindow, long>>> define) =>
        FunctionHarness.Of<int, Windowed<int, TimeWindow, long>>(
            numbers => define(numbers.KeyBy(_ => 0)).Name("by second"));

    private static void Refused(
        long time, Func<KeyedStream<int, int>, DataStream<Windowed<int, TimeWindow, long>>> define)
    {
        using OneInputHarness<int, Windowed<int, TimeWindow, long>> harness = Of(define);
        InvalidOperationException error =
            Assert.ThrowsExactly<InvalidOperationException>(() => harness.Process(1, time));
        StringAssert.Contains(error.Message, "'by second'");
        StringAssert.Contains(error.Message, $"timestamp {time} ");
        StringAssert.Contains(error.Message, $"{1L << 62}");
    }
}
