using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Failures;
using Millrace.Graph;

namespace Millrace.Joins;

/// <summary>What of a join can be refused when the graph is built.</summary>
[TestClass]
public sealed class JoinGraphTests
{
    private static readonly UnreadSource Numbers = new(Boundedness.Bounded);
    private static readonly WatermarkStrategy<int> Strategy = WatermarkStrategy.ForMonotonousTimestamps<int>();

    [TestMethod]
    public void An_interval_that_is_empty_is_refused_with_its_bounds()
    {
        foreach (Action<IntervalJoin<int, int, int>> define in new Action<IntervalJoin<int, int, int>>[]
        {
            join => join.Between(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(4)),
            join => join.Between(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(5)).UpperBoundExclusive(),
            join => join.Between(TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(4)).LowerBoundExclusive(),
        })
        {
            InvalidProgramGraphException error = Assert.ThrowsExactly<InvalidProgramGraphException>(() =>
                Plans.Of(env => define(Keyed(env, timed: true).IntervalJoin(Keyed(env, timed: true)))));

            StringAssert.Contains(error.Message, "5 ms");
            StringAssert.Contains(error.Message, "4 ms");
        }
    }

    [TestMethod]
    [DataRow(true, false, "right")]
    [DataRow(false, true, "left")]
    public void A_join_in_event_time_of_a_stream_without_timestamps_is_refused_by_side(
        bool left, bool right, string side)
    {
        foreach (Action<KeyedStream<int, int>, KeyedStream<int, int>> define in
            new Action<KeyedStream<int, int>, KeyedStream<int, int>>[]
            {
                (first, second) => first.IntervalJoin(second).Between(TimeSpan.Zero, TimeSpan.Zero)
                    .Apply((l, r) => l + r),
                (first, second) => first.TemporalJoin(second).Apply((l, r) => l + r),
            })
        {
            InvalidProgramGraphException error = Assert.ThrowsExactly<InvalidProgramGraphException>(() =>
                Plans.Of(env => define(Keyed(env, left), Keyed(env, right))));

            StringAssert.Contains(error.Message, $"{side} input");
            StringAssert.Contains(error.Message, "'Source: Numbers'");
        }
    }

    [TestMethod]
    public void The_interval_is_part_of_the_shape()
    {
        StreamGraph here = Plans.Program(env => Join(env, 5));

        Assert.ThrowsExactly<InvalidProgramGraphException>(
            () => GraphShape.RequireSame(here, Plans.Of(env => Join(env, 6))));
    }

    private static void Join(StreamExecutionEnvironment env, int upper) => Keyed(env, timed: true)
        .IntervalJoin(Keyed(env, timed: true))
        .Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(upper))
        .Apply((left, right) => left + right);

    private static KeyedStream<int, int> Keyed(StreamExecutionEnvironment env, bool timed) =>
        (timed ? env.FromSource(Numbers, Strategy) : env.FromSource(Numbers)).KeyBy(x => x);
}
