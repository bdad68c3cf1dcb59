using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Failures;
using Millrace.Windowing.Assigners;

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
    public void Two_programs_with_other_windows_are_two_programs()
    {
        JobGraph tens = Plans.Of(env => Define(env, 10));
        StreamGraph twenties = Plans.Program(env => Define(env, 20));

        InvalidProgramGraphException error =
            Assert.ThrowsExactly<InvalidProgramGraphException>(() => GraphShape.RequireSame(twenties, tens));
        StringAssert.Contains(error.Message, "tumbling 10000 ms");
    }

    private static void Define(StreamExecutionEnvironment env, int seconds) =>
        env.FromSource(new UnreadSource(Boundedness.Bounded), WatermarkStrategy.ForMonotonousTimestamps<int>())
            .KeyBy(x => x).Window(TumblingEventTimeWindows.Of(TimeSpan.FromSeconds(seconds))).Count();

    private static void Refused(Action define, params string[] named)
    {
        InvalidProgramGraphException error = Assert.ThrowsExactly<InvalidProgramGraphException>(define);
        foreach (string part in named)
        {
            StringAssert.Contains(error.Message, part);
        }
    }
}
