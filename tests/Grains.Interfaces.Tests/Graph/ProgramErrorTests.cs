using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Failures;
using Millrace.Jobs;
using Millrace.Windowing.Assigners;

namespace Millrace.Graph;

[TestClass]
public sealed class ProgramErrorTests
{
    private static readonly UnreadSource Numbers = new(Boundedness.Bounded);

    [TestMethod]
    public void A_program_without_streams_is_refused() => Refused(env => { }, "defines no stream");

    [TestMethod]
    public void A_uid_used_twice_is_refused_with_both_names() => Refused(
        env => env.FromSource(Numbers).Map(x => x).WithUid("a").Name("first").Map(x => x).WithUid("a").Name("second"),
        "Uid 'a'", "'first'", "'second'");

    [TestMethod]
    public void Forward_between_different_parallelisms_is_refused_with_both() => Refused(
        env => env.FromSource(Numbers).Forward().Map(x => x).SetParallelism(5), "parallelism 2", "parallelism 5");

    [TestMethod]
    public void More_subtasks_than_key_groups_are_refused_with_both_numbers() => Refused(
        env => env.SetMaxParallelism(3).FromSource(Numbers).Map(x => x).Name("busy").SetParallelism(4),
        "'busy'", "parallelism 4", "3 key groups");

    [TestMethod]
    [DataRow(0)]
    [DataRow(-3)]
    public void A_parallelism_below_one_is_refused_with_the_operator(int parallelism)
    {
        Refused(
            env => env.FromSource(Numbers).Map(x => x).Name("busy").SetParallelism(parallelism),
            "'busy'", $"parallelism {parallelism}", "at least 1");
        Refused(env => env.SetParallelism(parallelism), $"parallelism {parallelism}", "at least 1");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(-1)]
    [DataRow(32_769)]
    public void Key_groups_out_of_bounds_are_refused_with_the_bounds(int keyGroups) => Refused(
        env => env.SetMaxParallelism(keyGroups), $"{keyGroups} key groups", "from 1 to 32768");

    [TestMethod]
    public void The_default_parallelism_is_held_against_the_key_groups_as_well()
    {
        InvalidProgramGraphException error = Assert.ThrowsExactly<InvalidProgramGraphException>(() => Plans.Of(
            env => env.SetMaxParallelism(3).FromSource(Numbers).Map(x => x).Name("busy"), parallelism: 4));

        StringAssert.Contains(error.Message, "parallelism 4");
        StringAssert.Contains(error.Message, "3 key groups");
    }

    [TestMethod]
    public void Streams_of_two_environments_are_refused() => Refused(
        env => env.FromSource(Numbers)
            .Union(new StreamExecutionEnvironment().FromSource(Numbers).Name("stranger")).Map(x => x),
        "'stranger'", "another environment");

    [TestMethod]
    public void Elements_with_more_than_one_subtask_are_refused() => Refused(
        env => env.FromElements(1).SetParallelism(2), "at most 1");

    [TestMethod]
    public void Settings_of_an_operator_are_refused_on_an_edge() => Refused(
        env => env.FromSource(Numbers).Rebalance().SetParallelism(2), "'Rebalance'", "property of an edge");

    [TestMethod]
    public void One_side_output_of_two_types_is_refused_with_both() => Refused(
        env =>
        {
            DataStream<int> main = env.FromSource(Numbers).Process(new PassOn()).Name("sort out");
            main.GetSideOutput(new OutputTag<int>("odd"));
            main.GetSideOutput(new OutputTag<int>("odd"));
            main.GetSideOutput(new OutputTag<string>("odd"));
        },
        "'odd'", "'sort out'", "System.Int32", "System.String");

    [TestMethod]
    public void A_side_output_of_late_records_has_their_type()
    {
        var late = new OutputTag<int>("late");
        Refused(
            env => Timed(env).KeyBy(x => x).Window(TumblingEventTimeWindows.Of(TimeSpan.FromSeconds(1)))
                .SideOutputLateData(late).Count().Name("by second").GetSideOutput(new OutputTag<string>("late")),
            "'late'", "'by second'", "System.Int32", "System.String");
        Refused(
            env => Timed(env).WindowAll(EventTimeSessionWindows.WithGap(TimeSpan.FromSeconds(1)))
                .SideOutputLateData(late).Apply((_, numbers) => numbers).GetSideOutput(new OutputTag<long>("late")),
            "'late'", "System.Int32", "System.Int64");
        Refused(
            env => Timed(env).KeyBy(x => x).IntervalJoin(Timed(env).Map(x => $"{x}").KeyBy(x => x.Length))
                .Between(TimeSpan.Zero, TimeSpan.Zero)
                .SideOutputLeftLateData(late).SideOutputRightLateData(new OutputTag<string>("late"))
                .Apply((left, _) => left),
            "'late'", "'IntervalJoin'", "System.Int32", "System.String");
        Refused(
            env => Timed(env).KeyBy(x => x).TemporalJoin(Timed(env).KeyBy(x => x)).SideOutputUnmatched(late)
                .Apply((left, _) => left).GetSideOutput(new OutputTag<string>("late")),
            "'late'", "'TemporalJoin'", "System.Int32", "System.String");
        Plans.Of(env => Timed(env).KeyBy(x => x).Window(TumblingEventTimeWindows.Of(TimeSpan.FromSeconds(1)))
            .SideOutputLateData(late).Count().GetSideOutput(new OutputTag<int>("late")).Map(x => x));
    }

    [TestMethod]
    public void Side_outputs_of_an_operator_without_are_refused() => Refused(
        env => env.FromSource(Numbers).Map(x => x).GetSideOutput(new OutputTag<int>("odd")), "'Map'", "'odd'");

    [TestMethod]
    public void A_program_that_differs_where_it_runs_is_refused_with_the_first_difference()
    {
        JobGraph submitted = Plans.Of(env => env.FromSource(Numbers).Map(x => x).Filter(x => true));
        StreamGraph here = Plans.Program(env => env.FromSource(Numbers).Map(x => x).Map(x => x));

        InvalidProgramGraphException error =
            Assert.ThrowsExactly<InvalidProgramGraphException>(() => GraphShape.RequireSame(here, submitted));

        StringAssert.Contains(error.Message, "operator 3");
        StringAssert.Contains(error.Message, "Filter");
    }

    [TestMethod]
    public void Parallelism_chaining_and_elements_may_differ_where_a_program_runs()
    {
        JobGraph submitted = Plans.Of(env => env.FromElements(1, 2).Map(x => x), 3);
        StreamGraph here = Plans.Program(env =>
            env.DisableOperatorChaining().FromElements(3).Map(x => x).SetParallelism(7));

        GraphShape.RequireSame(here, submitted);
        Assert.AreEqual(2, here.Nodes.Count);
    }

    [TestMethod]
    public void A_uid_alone_decides_an_id_and_without_one_what_stands_beside_does_not()
    {
        OperatorId[] small = Ids(env => env.FromSource(Numbers).Map(x => x).WithUid("m").Filter(x => true));
        OperatorId[] large = Ids(env =>
        {
            env.FromSource(new UnreadSource(Boundedness.Continuous)).Map(x => x).Filter(x => true);
            env.FromElements(1).Map(x => x).WithUid("m").Filter(x => true);
        });

        Assert.AreEqual(small[1], large[4], "the uid decides");
        Assert.AreEqual(small[2], large[5], "the same kind behind the same input");
        Assert.AreEqual(6, large.Distinct().Count());
    }

    [TestMethod]
    public void State_without_a_uid_is_warned_about()
    {
        JobGraph without = Plans.Of(env => env.FromSource(Numbers).KeyBy(x => x).Count());
        JobGraph with = Plans.Of(env => env.FromSource(Numbers).KeyBy(x => x).Count().WithUid("count"));

        StringAssert.Contains(without.Warnings.Single(), "'Count'");
        Assert.HasCount(0, with.Warnings);
    }

    [TestMethod]
    public void A_side_output_is_an_edge_of_its_own_and_part_of_the_shape()
    {
        JobGraph plan = Plans.Of(env =>
        {
            DataStream<int> main = env.FromSource(Numbers).Process(new PassOn()).Name("sort out");
            main.SinkTo(new UnwrittenSink<int>()).Name("even");
            main.GetSideOutput(new OutputTag<string>("odd")).KeyBy(x => x).Count()
                .SinkTo(new UnwrittenSink<Keyed<string, long>>()).Name("odd ones");
        });

        CollectionAssert.AreEqual(
            new[] { "Source: Numbers -> sort out -> even -Hash-> Count -> odd ones" }, Plans.Edges(plan));
        Assert.AreEqual(1, plan.Shape.Count(line => line.Contains("#odd/Hash", StringComparison.Ordinal)));
    }

    private static DataStream<int> Timed(StreamExecutionEnvironment environment) =>
        environment.FromSource(Numbers, WatermarkStrategy.ForMonotonousTimestamps<int>());

    private static OperatorId[] Ids(Action<StreamExecutionEnvironment> define) =>
        [.. Plans.Program(define).Nodes.Select(node => node.Id)];

    private static void Refused(Action<StreamExecutionEnvironment> define, params string[] named)
    {
        InvalidProgramGraphException error = Assert.ThrowsExactly<InvalidProgramGraphException>(() => Plans.Of(define));
        foreach (string part in named)
        {
            StringAssert.Contains(error.Message, part);
        }
    }
}
