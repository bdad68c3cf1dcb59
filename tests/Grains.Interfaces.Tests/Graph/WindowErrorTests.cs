using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Failures;
using Millrace.Functions;
using Millrace.Windowing;
using Millrace.Windowing.Assigners;
using Millrace.Windowing.Evictors;
using Millrace.Windowing.Triggers;

namespace Millrace.Graph;

/// <summary>Windows that cannot work are refused when the program is defined.</summary>
[TestClass]
public sealed class WindowErrorTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [TestMethod]
    [DataRow(0)]
    [DataRow(-5_000)]
    public void Sizes_slides_and_gaps_that_are_not_greater_than_zero_are_refused(int milliseconds)
    {
        TimeSpan none = TimeSpan.FromMilliseconds(milliseconds);
        Refused(() => TumblingEventTimeWindows.Of(none), "size of tumbling windows", none.ToString());
        Refused(() => TumblingProcessingTimeWindows.Of(none), "size of tumbling windows", none.ToString());
        Refused(() => SlidingEventTimeWindows.Of(none, Second), "size of sliding windows", none.ToString());
        Refused(() => SlidingProcessingTimeWindows.Of(Second, none), "slide of sliding windows", none.ToString());
        Refused(() => EventTimeSessionWindows.WithGap(none), "gap of session windows", none.ToString());
        Refused(() => ProcessingTimeSessionWindows.WithGap(none), "gap of session windows", none.ToString());
    }

    // A record is put into all of them in one step, in which nothing else is done.
    [TestMethod]
    public void A_slide_that_would_put_a_record_into_too_many_windows_is_refused_with_one_that_would_do()
    {
        TimeSpan day = TimeSpan.FromDays(1);
        Refused(
            () => SlidingEventTimeWindows.Of(day, TimeSpan.FromMilliseconds(1)),
            "1.00:00:00 every 00:00:00.001",
            "86400000 windows",
            "100000 are possible",
            "a slide of 00:00:00.864");
        Refused(() => SlidingProcessingTimeWindows.Of(day, TimeSpan.FromMilliseconds(863)), "100116 windows");
        Refused(() => SlidingEventTimeWindows.Of(TimeSpan.FromDays(10_000_000), Second), "a slide of");
        SlidingEventTimeWindows.Of(day, TimeSpan.FromMilliseconds(864));
        SlidingProcessingTimeWindows.Of(day, Second);
    }

    [TestMethod]
    public void Offsets_of_a_size_or_more_are_refused_with_both()
    {
        Refused(() => TumblingEventTimeWindows.Of(Second, Second), "offset of tumbling windows", "00:00:01");
        Refused(() => TumblingProcessingTimeWindows.Of(Second, -Second), "offset of tumbling windows", "-00:00:01");
        Refused(
            () => SlidingEventTimeWindows.Of(TimeSpan.FromSeconds(10), Second, TimeSpan.FromSeconds(2)),
            "offset of sliding windows",
            "00:00:02");
    }

    [TestMethod]
    public void Parts_of_a_millisecond_are_refused() =>
        Refused(() => TumblingEventTimeWindows.Of(TimeSpan.FromTicks(10_001)), "whole milliseconds");

    [TestMethod]
    public void Windows_by_timestamps_are_refused_where_there_are_none() => Refused(
        () => Plans.Of(env => env.FromSource(new UnreadSource(Boundedness.Bounded)).KeyBy(x => x)
            .Window(TumblingEventTimeWindows.Of(Second)).Count().Name("a minute's count")),
        "'a minute's count'",
        "AssignTimestampsAndWatermarks");

    [TestMethod]
    public void Windows_by_the_clock_need_no_timestamps_and_give_some()
    {
        StreamGraph program = Plans.Program(env => env.FromSource(new UnreadSource(Boundedness.Bounded)).KeyBy(x => x)
            .Window(TumblingProcessingTimeWindows.Of(Second)).Count());

        Assert.IsTrue(program.Nodes[^1].HasTimestamps);
    }

    [TestMethod]
    public void Lateness_must_not_be_negative_and_needs_timestamps()
    {
        Refused(
            () => Plans.Of(env => Timed(env).Window(TumblingEventTimeWindows.Of(Second)).AllowedLateness(-Second)),
            "allowed lateness",
            "-00:00:01",
            "zero or greater");
        Refused(
            () => Plans.Of(env => Timed(env).Window(TumblingProcessingTimeWindows.Of(Second)).AllowedLateness(Second)
                .Count().Name("now")),
            "'now'",
            "1000 ms of lateness",
            "do not follow timestamps");
    }

    [TestMethod]
    public void Windows_that_merge_need_a_trigger_that_can_follow()
    {
        Refused(
            () => Plans.Of(env => Timed(env).Window(EventTimeSessionWindows.WithGap(Second))
                .Trigger(new DeltaTrigger<int, TimeWindow>(5, (left, right) => right - left)).Count().Name("visits")),
            "'visits'",
            "sessions with a gap of 1000 ms",
            "beyond a distance of 5",
            "CanMerge");
        Plans.Of(env => Timed(env).Window(EventTimeSessionWindows.WithGap(Second))
            .Trigger(PurgingTrigger.Of(CountTrigger.Of(5))).Count());
    }

    [TestMethod]
    public void Windows_without_end_need_a_trigger() => Refused(
        () => Plans.Of(env => Timed(env).Window(GlobalWindows.Create()).Count().Name("all")),
        "'all'",
        "never fire",
        "Trigger(...)");

    [TestMethod]
    public void An_evictor_cannot_take_records_out_of_an_accumulator() => Refused(
        () => Plans.Of(env => Timed(env).Window(TumblingEventTimeWindows.Of(Second)).Evictor(CountEvictor.Of(5))
            .Reduce(new Sums(), new Shown())),
        "evictor",
        "Process(...)");

    [TestMethod]
    public void Numbers_and_times_of_triggers_and_evictors_that_make_no_sense_are_refused()
    {
        Refused(() => CountTrigger.Of(0), "count trigger is 0", "at least 1");
        Refused(() => CountEvictor.Of(-1), "evictor keeps is -1");
        Refused(() => TimeEvictor.Of(TimeSpan.Zero), "evictor keeps is 00:00:00");
        Refused(() => ContinuousEventTimeTrigger.Of(-Second), "interval of a continuous trigger is -00:00:01");
        Refused(() => ContinuousProcessingTimeTrigger.Of(TimeSpan.Zero), "interval of a continuous trigger");
        Refused(() => Plans.Of(env => Timed(env).CountWindow(0)), "count trigger is 0");
        Refused(() => Plans.Of(env => Timed(env).CountWindow(0, 2)), "evictor keeps is 0");
    }

    [TestMethod]
    public void Windows_of_all_records_run_in_one_subtask()
    {
        JobGraph plan = Plans.Of(env => Timed(env).WindowAll(TumblingEventTimeWindows.Of(Second)).Count(), 4);
        Assert.AreEqual(1, plan.Vertices[^1].Parallelism);
        Refused(
            () => Plans.Of(env => Timed(env).WindowAll(TumblingEventTimeWindows.Of(Second)).Count().SetParallelism(2)),
            "parallelism 2");
    }

    [TestMethod]
    public void A_join_by_timestamps_names_the_stream_that_has_none() => Refused(
        () => Plans.Of(env => Timed(env).Join(env.FromSource(new UnreadSource(Boundedness.Bounded)))
            .Where(left => left).EqualTo(right => right).Window(TumblingEventTimeWindows.Of(Second))
            .Apply((left, right) => left + right)),
        "'WindowJoin'",
        "'Right of WindowJoin' have none");

    [TestMethod]
    public void Two_programs_with_other_windows_are_two_programs()
    {
        JobGraph tens = Plans.Of(env => Define(env, 10));
        StreamGraph twenties = Plans.Program(env => Define(env, 20));

        InvalidProgramGraphException error =
            Assert.ThrowsExactly<InvalidProgramGraphException>(() => GraphShape.RequireSame(twenties, tens));
        StringAssert.Contains(error.Message, "tumbling 10000 ms");
    }

    private static KeyedStream<int, int> Timed(StreamExecutionEnvironment env) =>
        env.FromSource(new UnreadSource(Boundedness.Bounded), WatermarkStrategy.ForMonotonousTimestamps<int>())
            .KeyBy(x => x);

    private static void Define(StreamExecutionEnvironment env, int seconds) =>
        Timed(env).Window(TumblingEventTimeWindows.Of(TimeSpan.FromSeconds(seconds))).Count();

    private static void Refused(Action define, params string[] named)
    {
        InvalidProgramGraphException error = Assert.ThrowsExactly<InvalidProgramGraphException>(define);
        foreach (string part in named)
        {
            StringAssert.Contains(error.Message, part);
        }
    }

    private sealed class Sums : IReduceFunction<int>
    {
        public int Reduce(int left, int right) => left + right;
    }

    private sealed class Shown : ProcessWindowFunction<int, string, int, TimeWindow>
    {
        public override void Process(int key, Context context, IEnumerable<int> elements, ICollector<string> output) =>
            output.Emit($"{key} {elements.Single()}");
    }
}
