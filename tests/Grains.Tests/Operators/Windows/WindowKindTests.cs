using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.State;
using Millrace.Windowing;
using Millrace.Windowing.Assigners;
using Millrace.Windowing.Evictors;
using Millrace.Windowing.Triggers;

namespace Millrace.Operators.Windows;

/// <summary>Windows of further kinds, each by an example small enough to be worked out by hand.</summary>
[TestClass]
public sealed class WindowKindTests
{
    [TestMethod]
    public void Windows_of_a_number_of_records_fire_when_they_are_full()
    {
        using WindowRun<string> run = new(Keyed().CountWindow(3).Apply(Values));
        run.Process(Clicks("a", 1, 2, 3, 4));
        run.Process(Clicks("b", 5, 6));
        run.Process(Clicks("a", 7, 8, 9));
        run.Advance(long.MaxValue);
        run.Finish();

        CollectionAssert.AreEqual(new[] { "a: 1 2 3", "a: 4 7 8" }, run.Results, "what is not full does not fire");
    }

    [TestMethod]
    public void Windows_of_the_last_records_fire_each_time_some_have_come()
    {
        using WindowRun<string> run = new(Keyed().CountWindow(3, 2).Apply(Values));
        run.Process(Clicks("a", 1, 2, 3, 4, 5, 6, 7));
        Assert.IsTrue(run.Results.SequenceEqual(["a: 1 2", "a: 2 3 4", "a: 4 5 6"]), string.Join(", ", run.Results));
    }

    [TestMethod]
    public void One_window_without_end_fires_by_distance_and_keeps_what_is_recent()
    {
        using WindowRun<string> run = new(Keyed().Window(GlobalWindows.Create())
            .Trigger(new DeltaTrigger<Click, GlobalWindow>(10, (before, now) => now.Value - before.Value))
            .Evictor(TimeEvictor.Of(Ms(50)))
            .Apply(Values));
        run.Process(new Click("a", 1, 1_000), new Click("a", 11, 1_020), new Click("a", 12, 1_060));
        run.Process(new Click("a", 22, 1_070), new Click("a", 23, 1_080));

        Assert.IsTrue(run.Results.SequenceEqual(["a: 11 12", "a: 12 22 23"]), string.Join(", ", run.Results));
    }

    [TestMethod]
    public void One_window_without_end_fires_early_and_at_the_end_of_time()
    {
        using WindowRun<string> run = new(Keyed().Window(GlobalWindows.Create())
            .Trigger(ContinuousEventTimeTrigger.Of(Ms(100))).Apply(Values));
        run.Process(new Click("a", 1, 1_010), new Click("a", 2, 1_150));
        run.Advance(1_099);
        Assert.HasCount(0, run.Results);
        run.Advance(1_100);
        Assert.HasCount(1, run.Results);
        run.Advance(1_350);
        Assert.HasCount(3, run.Results);
        run.Advance(long.MaxValue);
        Assert.HasCount(5, run.Results, "the interval at hand, and the end");
    }

    [TestMethod]
    public void A_trigger_of_the_program_sees_the_records_and_purges()
    {
        using WindowRun<string> run = new(Keyed().Window(TumblingEventTimeWindows.Of(Ms(100)))
            .Trigger(new FiresAt(7)).Apply(Values));
        run.Process(Clicks("a", 1, 7, 2, -1, 7));
        run.Advance(long.MaxValue);
        Assert.IsTrue(run.Results.SequenceEqual(["a: 1 7", "a: 7"]), string.Join(", ", run.Results));
    }

    [TestMethod]
    public void Windows_of_the_program_merge_as_it_says()
    {
        using WindowRun<string> apart = new(Keyed().Window(new Brackets(isMerging: false)).Apply(Brackets));
        apart.Process(Clicks("a", 1, 35, 2, 31, 12));
        Assert.IsTrue(apart.Results.SequenceEqual(["9: 1 2", "39: 35 31"]), string.Join(", ", apart.Results));

        // The bracket in between joins both: it is counted with them, and fires.
        using WindowRun<string> merged = new(Keyed().Window(new Brackets(isMerging: true)).Apply(Brackets));
        merged.Process(Clicks("a", 1, 25, 15));
        Assert.AreEqual("29: 1 25 15", merged.Results.Single());
    }

    // The bracket in between joins both: what their triggers remember is joined as well.
    [TestMethod]
    public void A_trigger_of_the_program_keeps_lists_maps_and_accumulators_and_merges_lists()
    {
        using WindowRun<string> run = new(Keyed().Window(new Brackets(isMerging: true))
            .Trigger(new FiresAtDistinct(4)).Apply(Brackets));
        run.Process(Clicks("a", 1, 25, 1, 3, 25));
        Assert.HasCount(0, run.Results);
        run.Process(Clicks("a", 15));

        Assert.AreEqual("29: 1 1 3 25 25 15", run.Results.Single());
    }

    [TestMethod]
    public void Functions_of_windows_keep_state_by_window_and_by_key()
    {
        var function = new CountFirings();
        WindowRun<string> run = new(Keyed().Window(TumblingEventTimeWindows.Of(Ms(100)))
            .AllowedLateness(Ms(50)).Process(function));
        Assert.IsTrue(function.IsOpen);
        run.Process(new Click("a", 1, 1_000), new Click("a", 2, 1_100), new Click("b", 4, 1_000));
        run.Advance(1_120);
        run.Process(new Click("a", 8, 1_099));
        run.Advance(1_149);
        run.Process(new Click("a", 16, 1_099));
        run.Advance(long.MaxValue);

        CollectionAssert.AreEquivalent(
            new[]
            {
                "a 1000: 1, 1 of 1 at 1120", "b 1000: 4, 1 of 1 at 1120", "a 1000: 9, 2 of 2 at 1120",
                $"a 1100: 2, 1 of 3 at {long.MaxValue}",
            },
            run.Results);
        CollectionAssert.AreEquivalent(
            new TimeWindow[] { new(1_000, 1_100), new(1_000, 1_100), new(1_100, 1_200) }, function.Gone);
        CollectionAssert.AreEquivalent(new long[] { 1, 2, 4, 9 }, run.Late.Select(click => click.Value).ToArray());
        run.Dispose();
        Assert.IsFalse(function.IsOpen);
    }

    [TestMethod]
    public void Windows_that_merge_have_no_state_of_their_own()
    {
        using WindowRun<string> run = new(Keyed().Window(EventTimeSessionWindows.WithGap(Ms(100)))
            .Process(new CountFirings()));
        run.Process(Clicks("a", 1));
        InvalidStateUseException error = Assert.ThrowsExactly<InvalidStateUseException>(
            () => run.Advance(long.MaxValue));
        StringAssert.Contains(error.Message, "GlobalState");
    }

    [TestMethod]
    public void Functions_behind_an_aggregate_see_one_result()
    {
        using WindowRun<string> aggregated = new(Keyed().Window(SlidingEventTimeWindows.Of(Ms(100), Ms(50)))
            .Aggregate(new SumOfValues(), new Single<long>()));
        aggregated.Process(new Click("a", 1, 1_000), new Click("a", 2, 1_060));
        aggregated.Advance(long.MaxValue);
        Assert.IsTrue(
            aggregated.Results.SequenceEqual(["a 950: 1", "a 1000: 3", "a 1050: 2"]),
            string.Join(", ", aggregated.Results));

        using WindowRun<string> reduced = new(Keyed().Window(EventTimeSessionWindows.WithGap(Ms(50)))
            .Reduce(new Add(), new Single<Click>()));
        reduced.Process(new Click("a", 1, 1_000), new Click("a", 2, 1_080), new Click("a", 4, 1_040));
        reduced.Advance(long.MaxValue);
        Assert.AreEqual($"a 1000: {new Click("a", 7, 1_000)}", reduced.Results.Single());
    }

    [TestMethod]
    public void Aggregates_with_an_evictor_are_those_of_what_is_left()
    {
        using WindowRun<Windowed<string, TimeWindow, long>> run = new(
            Keyed().Window(TumblingEventTimeWindows.Of(Ms(100))).Evictor(CountEvictor.Of(2)).Sum(click => click.Value));
        run.Process(new Click("a", 1, 1_000), new Click("a", 2, 1_010), new Click("a", 4, 1_005));
        run.Advance(long.MaxValue);
        Assert.AreEqual(6, run.Results.Single().Value);
    }

    // More slices than are worth sharing, and windows with gaps between them: each window by itself.
    [TestMethod]
    [DataRow(2_100, 2)]
    [DataRow(50, 80)]
    public void Sliding_windows_that_share_no_slices_are_those_of_the_model(int size, int slide)
    {
        Click[] clicks = WindowModel.Clicks(60, 9);
        using WindowRun<Windowed<string, TimeWindow, long>> run = new(
            Keyed().Window(SlidingEventTimeWindows.Of(Ms(size), Ms(slide))).Count());
        run.Process(clicks);
        run.Advance(long.MaxValue);

        CollectionAssert.AreEquivalent(
            WindowModel.Sliding(clicks, size, slide)
                .Select(window => new Windowed<string, TimeWindow, long>(
                    window.User, window.Window, window.Values.Length)).ToArray(),
            run.Results);
    }

    [TestMethod]
    public void Windows_by_the_clock_give_their_records_when_it_passes_their_end_and_at_the_end_of_the_input()
    {
        using WindowRun<string> run = new(Keyed().Window(TumblingProcessingTimeWindows.Of(Ms(100))).Apply(Values));
        run.Process(Clicks("a", 1, 2));
        run.Loop.Advance(99);
        run.EndRound();
        Assert.HasCount(0, run.Results, "a record may still come in the last millisecond");
        run.Process(Clicks("a", 3));
        run.Loop.Advance(1);
        run.EndRound();
        Assert.AreEqual("a: 1 2 3", run.Results.Single());

        run.Process(Clicks("a", 4));
        run.Advance(long.MaxValue);
        run.Finish();
        Assert.AreEqual("a: 4", run.Results[1]);
        Assert.HasCount(2, run.Results);
    }

    [TestMethod]
    public void Sessions_by_the_clock_merge_and_fire_by_it()
    {
        using WindowRun<string> run = new(Keyed().Window(ProcessingTimeSessionWindows.WithGap(Ms(100))).Apply(Values));
        run.Process(Clicks("a", 1));
        run.Loop.Advance(80);
        run.EndRound();
        run.Process(Clicks("a", 2));
        run.Loop.Advance(80);
        run.EndRound();
        Assert.HasCount(0, run.Results);
        run.Loop.Advance(20);
        run.EndRound();
        Assert.AreEqual("a: 1 2", run.Results.Single());
    }

    [TestMethod]
    public void Windows_by_event_time_fire_early_by_the_clock()
    {
        using WindowRun<string> run = new(Keyed().Window(TumblingEventTimeWindows.Of(Ms(1_000)))
            .Trigger(ContinuousProcessingTimeTrigger.Of(Ms(10))).Apply(Values));
        run.Process(new Click("a", 1, 5_000_000));
        run.Loop.Advance(11);
        run.EndRound();
        Assert.HasCount(1, run.Results);
        run.Process(new Click("a", 2, 5_000_001));
        run.Loop.Advance(35);
        run.EndRound();
        Assert.IsTrue(run.Results.SequenceEqual(["a: 1", "a: 1 2"]), "once, however many intervals have passed");

        run.Advance(6_000_000);
        run.Loop.Advance(100);
        run.EndRound();
        Assert.HasCount(2, run.Results, "the window has gone with its timers");
    }

    [TestMethod]
    public void Windows_by_the_clock_fire_early_and_at_their_end()
    {
        using WindowRun<string> run = new(Keyed().Window(TumblingProcessingTimeWindows.Of(Ms(100)))
            .Trigger(ContinuousProcessingTimeTrigger.Of(Ms(60))).Apply(Values));
        run.Process(Clicks("a", 1));
        run.Loop.Advance(61);
        run.EndRound();
        run.Process(Clicks("a", 2));
        run.Loop.Advance(39);
        run.EndRound();
        Assert.IsTrue(run.Results.SequenceEqual(["a: 1", "a: 1 2"]), string.Join(", ", run.Results));
        run.Finish();
        Assert.HasCount(2, run.Results);
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static KeyedStream<Click, string> Keyed() => new StreamExecutionEnvironment().FromElements<Click>()
        .AssignTimestampsAndWatermarks(WatermarkStrategy.ForMonotonousTimestamps<Click>()
            .WithTimestampAssigner(click => click.At))
        .KeyBy(click => click.User);

    // Within one window of the tests.
    private static Click[] Clicks(string user, params long[] values) =>
        [.. values.Select((value, i) => new Click(user, value, 1_000 + i))];

    private static IEnumerable<string> Values<TWindow>(string user, TWindow window, IEnumerable<Click> clicks) =>
        [$"{user}: {string.Join(' ', clicks.Select(click => click.Value))}"];

    private static IEnumerable<string> Brackets(string user, Bracket window, IEnumerable<Click> clicks) =>
        [$"{window.Most}: {string.Join(' ', clicks.Select(click => click.Value))}"];

    private sealed class Add : Functions.IReduceFunction<Click>
    {
        public Click Reduce(Click left, Click right) => left with { Value = left.Value + right.Value };
    }
}
