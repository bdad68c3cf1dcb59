using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Failures;

namespace Millrace.Graph;

[TestClass]
public sealed class ChainingTests
{
    private static readonly UnreadSource Numbers = new(Boundedness.Bounded);

    [TestMethod]
    public void One_to_one_operators_run_in_one_subtask()
    {
        JobGraph plan = Plans.Of(env => env.FromSource(Numbers)
            .Map(x => x + 1).Filter(x => x > 0).SinkTo(new UnwrittenSink<int>()));

        CollectionAssert.AreEqual(
            new[] { "Source: Numbers -> Map -> Filter -> Sink: Nowhere x2" }, Plans.Vertices(plan));
        Assert.HasCount(0, plan.Edges);
    }

    [TestMethod]
    public void A_key_begins_a_new_subtask_even_with_parallelism_one()
    {
        JobGraph plan = Plans.Of(
            env => env.FromSource(Numbers).KeyBy(x => x % 3).Count().SinkTo(new UnwrittenSink<Keyed<int, long>>()), 1);

        CollectionAssert.AreEqual(new[] { "Source: Numbers x1", "Count -> Sink: Nowhere x1" }, Plans.Vertices(plan));
        CollectionAssert.AreEqual(new[] { "Source: Numbers -Hash-> Count -> Sink: Nowhere" }, Plans.Edges(plan));
    }

    [TestMethod]
    public void Another_parallelism_breaks_the_chain_and_rebalances()
    {
        JobGraph plan = Plans.Of(env => env.FromSource(Numbers)
            .Map(x => x).SetParallelism(3).SinkTo(new UnwrittenSink<int>()));

        CollectionAssert.AreEqual(new[] { "Source: Numbers x2", "Map x3", "Sink: Nowhere x2" }, Plans.Vertices(plan));
        CollectionAssert.AreEqual(
            new[] { "Source: Numbers -Rebalance-> Map", "Map -Rebalance-> Sink: Nowhere" }, Plans.Edges(plan));
    }

    [TestMethod]
    public void Elements_are_emitted_by_one_subtask_only()
    {
        JobGraph plan = Plans.Of(env => env.FromElements(1, 2).Map(x => x).SinkTo(new UnwrittenSink<int>()), 4);

        CollectionAssert.AreEqual(new[] { "Source: Elements x1", "Map -> Sink: Nowhere x4" }, Plans.Vertices(plan));
    }

    [TestMethod]
    public void Chaining_can_be_forbidden_for_one_operator_for_its_inputs_and_for_all()
    {
        string[] alone = Plans.Vertices(Plans.Of(env => env.FromSource(Numbers)
            .Map(x => x).DisableChaining().Filter(x => true).SinkTo(new UnwrittenSink<int>())));
        string[] head = Plans.Vertices(Plans.Of(env => env.FromSource(Numbers)
            .Map(x => x).StartNewChain().Filter(x => true).SinkTo(new UnwrittenSink<int>())));
        string[] none = Plans.Vertices(Plans.Of(env => env.DisableOperatorChaining().FromSource(Numbers)
            .Map(x => x).SinkTo(new UnwrittenSink<int>())));

        CollectionAssert.AreEqual(new[] { "Source: Numbers x2", "Map x2", "Filter -> Sink: Nowhere x2" }, alone);
        CollectionAssert.AreEqual(new[] { "Source: Numbers x2", "Map -> Filter -> Sink: Nowhere x2" }, head);
        CollectionAssert.AreEqual(new[] { "Source: Numbers x2", "Map x2", "Sink: Nowhere x2" }, none);
    }

    [TestMethod]
    public void Another_slot_sharing_group_breaks_the_chain_and_is_inherited()
    {
        JobGraph plan = Plans.Of(env => env.FromSource(Numbers)
            .Map(x => x).SlotSharingGroup("heavy").Filter(x => true).SinkTo(new UnwrittenSink<int>()));

        CollectionAssert.AreEqual(
            new[] { "default", "heavy" }, plan.Vertices.Select(vertex => vertex.SlotSharingGroup).ToArray());
        Assert.AreEqual("Map -> Filter -> Sink: Nowhere", plan.Vertices[1].Name);
    }

    [TestMethod]
    public void Several_consumers_in_one_chain_are_written_in_brackets()
    {
        JobGraph plan = Plans.Of(env =>
        {
            DataStream<int> numbers = env.FromSource(Numbers);
            numbers.Map(x => x).SinkTo(new UnwrittenSink<int>());
            numbers.Filter(x => true).SinkTo(new UnwrittenSink<int>());
        });

        CollectionAssert.AreEqual(
            new[] { "Source: Numbers -> (Map -> Sink: Nowhere, Filter -> Sink: Nowhere) x2" }, Plans.Vertices(plan));
    }

    [TestMethod]
    public void A_union_is_edges_and_no_operator()
    {
        JobGraph plan = Plans.Of(env =>
        {
            DataStream<int> left = env.FromSource(Numbers).Name("left");
            DataStream<int> right = env.FromSource(Numbers).Name("right");
            left.Union(right, left).Map(x => x).SinkTo(new UnwrittenSink<int>());
        });

        CollectionAssert.AreEqual(
            new[]
            {
                "left -Forward-> Map -> Sink: Nowhere",
                "right -Forward-> Map -> Sink: Nowhere",
                "left -Forward-> Map -> Sink: Nowhere",
            },
            Plans.Edges(plan));
    }

    [TestMethod]
    public void The_partitioning_nearest_to_the_consumer_decides()
    {
        JobGraph plan = Plans.Of(env => env.FromSource(Numbers)
            .Broadcast().Shuffle().Map(x => x).SinkTo(new UnwrittenSink<int>()));

        Assert.AreEqual(PartitionerKind.Shuffle, plan.Edges.Single().Partitioner);
    }

    [TestMethod]
    [DataRow(Boundedness.Bounded, RuntimeMode.Batch)]
    [DataRow(Boundedness.Continuous, RuntimeMode.Streaming)]
    public void Automatic_mode_follows_the_sources(Boundedness source, RuntimeMode expected)
    {
        JobGraph plan = Plans.Of(env =>
            env.FromElements(1).Union(env.FromSource(new UnreadSource(source))).Map(x => x));

        Assert.AreEqual(expected, plan.Settings.Mode);
    }
    [TestMethod]
    public void Batch_mode_refuses_a_source_that_never_ends_by_its_name()
    {
        InvalidProgramGraphException refused = Assert.ThrowsExactly<InvalidProgramGraphException>(() =>
            Plans.Of(env => env.SetRuntimeMode(RuntimeMode.Batch)
                .FromSource(new UnreadSource(Boundedness.Continuous)).Name("clicks").Map(x => x)));

        StringAssert.Contains(refused.Message, "'clicks' never ends");
    }

    [TestMethod]
    [DataRow(RuntimeMode.Batch, null, ExchangeKind.Blocking)]
    [DataRow(RuntimeMode.Automatic, null, ExchangeKind.Blocking)]
    [DataRow(RuntimeMode.Batch, ExchangeKind.Pipelined, ExchangeKind.Pipelined)]
    [DataRow(RuntimeMode.Streaming, ExchangeKind.Blocking, ExchangeKind.Pipelined)]
    public void In_batch_mode_producers_end_before_consumers_begin_unless_the_program_says_otherwise(
        RuntimeMode mode, ExchangeKind? asked, ExchangeKind expected)
    {
        JobGraph plan = Plans.Of(env =>
        {
            env.SetRuntimeMode(mode).SetBatchExchange(asked ?? env.BatchExchange)
                .FromElements(1).Rebalance().Map(x => x);
        });

        Assert.AreEqual(expected, plan.Edges.Single().Exchange);
    }

    [TestMethod]
    public void A_broadcast_input_beside_another_one_is_complete_before_it_is_read()
    {
        JobGraph plan = Plans.Of(env =>
        {
            env.SetBatchExchange(ExchangeKind.Pipelined);
            env.FromElements(1).Connect(env.FromElements(2).Broadcast()).Map(x => x, x => x);
        });

        Assert.IsTrue(plan.Edges.All(edge => edge.Exchange == ExchangeKind.Blocking));
    }
    [TestMethod]
    [DataRow(RuntimeMode.Batch, true)]
    [DataRow(RuntimeMode.Streaming, false)]
    public void A_batch_job_of_one_vertex_runs_in_whatever_slots_there_are_as_well(RuntimeMode mode, bool expected)
    {
        JobGraph plan = Plans.Of(
            env => env.SetRuntimeMode(mode).FromElements(1).Map(x => x), parallelism: 1);

        Assert.IsEmpty(plan.Edges);
        Assert.AreEqual(expected, plan.RunsInStages);
    }
}
