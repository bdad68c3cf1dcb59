using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Failures;

namespace Millrace.Graph;

/// <summary>Whether the records of an operator carry timestamps is decided when the graph is built.</summary>
[TestClass]
public sealed class TimestampTests
{
    private static readonly UnreadSource Numbers = new(Boundedness.Bounded);
    private static readonly WatermarkStrategy<int> Strategy = WatermarkStrategy.ForMonotonousTimestamps<int>();

    [TestMethod]
    public void A_source_has_timestamps_when_it_has_a_strategy_and_they_pass_through()
    {
        Assert.IsTrue(Last(env => Steps(env.FromSource(Numbers, Strategy))).HasTimestamps);
        Assert.IsTrue(Last(env => Steps(env.FromSource(Numbers, WatermarkStrategy.NoWatermarks<int>()))).HasTimestamps);
        Assert.IsFalse(Last(env => Steps(env.FromSource(Numbers))).HasTimestamps);
        Assert.IsFalse(Last(env => Steps(env.FromElements(1))).HasTimestamps);
    }

    [TestMethod]
    public void Timestamps_begin_where_they_are_assigned()
    {
        StreamGraph graph = Plans.Program(env => env.FromSource(Numbers).Map(x => x)
            .AssignTimestampsAndWatermarks(Strategy.WithTimestampAssigner(x => x)).Map(x => x));

        CollectionAssert.AreEqual(
            new[] { false, false, true, true }, graph.Nodes.Select(node => node.HasTimestamps).ToArray());
        Assert.IsFalse(graph.Nodes[2].InputHasTimestamps);
        Assert.IsTrue(graph.Nodes[3].InputHasTimestamps);
    }

    [TestMethod]
    public void Time_that_follows_timestamps_is_refused_where_there_are_none()
    {
        InvalidProgramGraphException error = Assert.ThrowsExactly<InvalidProgramGraphException>(() => Plans.Of(
            env => env.FromSource(Numbers).Name("clicks").AssignTimestampsAndWatermarks(Strategy)));
        StringAssert.Contains(error.Message, "'clicks'");
        StringAssert.Contains(error.Message, "WithTimestampAssigner");

        Plans.Of(env => env.FromSource(Numbers, Strategy).Filter(x => true).AssignTimestampsAndWatermarks(Strategy));
        Plans.Of(env => env.FromSource(Numbers)
            .AssignTimestampsAndWatermarks(WatermarkStrategy.NoWatermarks<int>()));
    }

    [TestMethod]
    public void A_union_has_timestamps_when_one_of_its_streams_does()
    {
        Assert.IsTrue(Last(env => env.FromSource(Numbers).Union(env.FromSource(Numbers, Strategy)).Map(x => x))
            .InputHasTimestamps);
        Assert.IsFalse(Last(env => env.FromSource(Numbers).Union(env.FromSource(Numbers)).Map(x => x))
            .InputHasTimestamps);
    }

    // Both ends of an edge lay out its bytes by it.
    [TestMethod]
    public void Programs_that_differ_in_timestamps_differ_in_shape()
    {
        JobGraph submitted = Plans.Of(env => env.FromSource(Numbers, Strategy).Map(x => x));
        StreamGraph here = Plans.Program(env => env.FromSource(Numbers).Map(x => x));

        InvalidProgramGraphException error =
            Assert.ThrowsExactly<InvalidProgramGraphException>(() => GraphShape.RequireSame(here, submitted));

        StringAssert.Contains(error.Message, "with timestamps");
    }

    [TestMethod]
    public void Alignment_is_refused_by_name_where_nobody_could_wait()
    {
        WatermarkStrategy<int> aligned = Strategy.WithWatermarkAlignment("clicks", TimeSpan.FromSeconds(3));

        InvalidProgramGraphException error = Assert.ThrowsExactly<InvalidProgramGraphException>(() =>
            Plans.Of(env => env.FromSource(Numbers).AssignTimestampsAndWatermarks(aligned)));
        StringAssert.Contains(error.Message, "'clicks'");
        StringAssert.Contains(error.Message, "00:00:03");
        StringAssert.Contains(error.Message, "FromSource");
        Assert.IsNotNull(Plans.Of(env => env.FromSource(Numbers, aligned)));
    }

    [TestMethod]
    public void The_interval_of_watermarks_goes_into_the_plan()
    {
        Assert.AreEqual(
            TimeSpan.FromMilliseconds(200), Plans.Of(env => env.FromSource(Numbers)).Settings.WatermarkInterval);
        Assert.AreEqual(TimeSpan.FromSeconds(2), Plans.Of(env =>
            env.SetAutoWatermarkInterval(TimeSpan.FromSeconds(2)).FromSource(Numbers)).Settings.WatermarkInterval);
    }

    private static DataStream<long> Steps(DataStream<int> numbers) => numbers
        .Rebalance().Map(x => x).Filter(x => true).FlatMap(x => new[] { x }).KeyBy(x => x).Count().Map(x => x.Value);

    private static StreamNode Last(Action<StreamExecutionEnvironment> define) => Plans.Program(define).Nodes[^1];
}
