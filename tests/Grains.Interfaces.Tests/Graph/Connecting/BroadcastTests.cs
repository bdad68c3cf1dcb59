using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Failures;
using Millrace.Functions;
using Millrace.Functions.Connected;
using Millrace.State;

namespace Millrace.Graph.Connecting;

/// <summary>Streams and broadcast streams in the plan.</summary>
[TestClass]
public sealed class BroadcastTests
{
    private static readonly UnreadSource Numbers = new(Boundedness.Bounded);

    private static readonly MapStateDescriptor<string, int> Rules = new("rules");

    [TestMethod]
    public void The_second_input_is_broadcast_whatever_partitioning_stands_before_it()
    {
        Action<StreamExecutionEnvironment> define = env => env.FromSource(Numbers).KeyBy(x => x)
            .Connect(env.FromSource(Numbers).Rebalance().Broadcast(Rules))
            .Process(new KeyedUnused()).WithUid("rules");

        JobGraph plan = Plans.Of(define);
        TwoInputTransformation<int, int, int> operation =
            (TwoInputTransformation<int, int, int>)Plans.Program(define).Nodes[^1].Transformation;

        CollectionAssert.AreEqual(
            new[] { (0, PartitionerKind.Hash), (1, PartitionerKind.Broadcast) },
            plan.Edges.Select(edge => (edge.Input, edge.Partitioner)).ToArray());
        Assert.AreEqual(1, operation.BroadcastInput);
        StringAssert.Contains(plan.Shape[^1], "broadcast 'rules', a map from System.String to System.Int32");
        StringAssert.Contains(plan.Shape[^1], "state and timers by System.Int32");
    }

    [TestMethod]
    public void Broadcast_state_without_a_uid_is_warned_about()
    {
        JobGraph plan = Plans.Of(env => env.FromSource(Numbers)
            .Connect(env.FromSource(Numbers).Broadcast(Rules)).Process(new Unused()));

        StringAssert.Contains(plan.Warnings.Single(), "'BroadcastProcess'");
    }

    [TestMethod]
    public void One_name_for_two_broadcast_states_is_refused_with_both_types() => Refused(
        env => env.FromSource(Numbers).Name("limits").Broadcast(Rules, new MapStateDescriptor<int, long>("rules")),
        "'limits'", "'rules'", "System.String to System.Int32", "System.Int32 to System.Int64");

    [TestMethod]
    public void Broadcast_state_that_is_to_expire_is_refused() => Refused(
        env => env.FromSource(Numbers).Name("limits").Broadcast(new MapStateDescriptor<string, int>("rules")
        {
            TimeToLive = new StateTtlConfig(TimeSpan.FromHours(1)),
        }),
        "'limits'", "'rules'", "expire");

    [TestMethod]
    public void Side_outputs_of_a_broadcast_function_can_be_taken()
    {
        JobGraph plan = Plans.Of(env => env.FromSource(Numbers).Connect(env.FromSource(Numbers).Broadcast(Rules))
            .Process(new Unused()).WithUid("u").GetSideOutput(new OutputTag<string>("odd")).Map(x => x));

        Assert.HasCount(0, plan.Warnings);
        Assert.AreEqual(1, plan.Shape.Count(line => line.Contains("#odd", StringComparison.Ordinal)));
    }

    private static void Refused(Action<StreamExecutionEnvironment> define, params string[] named)
    {
        InvalidProgramGraphException error = Assert.ThrowsExactly<InvalidProgramGraphException>(() => Plans.Of(define));
        foreach (string part in named)
        {
            StringAssert.Contains(error.Message, part);
        }
    }

    private sealed class Unused : BroadcastProcessFunction<int, int, int>
    {
        public override void ProcessElement(int value, ReadOnlyContext context, ICollector<int> output) =>
            throw new NotSupportedException();

        public override void ProcessBroadcastElement(int value, Context context, ICollector<int> output) =>
            throw new NotSupportedException();
    }

    private sealed class KeyedUnused : KeyedBroadcastProcessFunction<int, int, int, int>
    {
        public override void ProcessElement(int value, ReadOnlyContext context, ICollector<int> output) =>
            throw new NotSupportedException();

        public override void ProcessBroadcastElement(int value, Context context, ICollector<int> output) =>
            throw new NotSupportedException();
    }
}
