using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Failures;

namespace Millrace.Graph.Connecting;

/// <summary>Operators with two inputs in the plan.</summary>
[TestClass]
public sealed class ConnectTests
{
    private static readonly UnreadSource Numbers = new(Boundedness.Bounded);

    [TestMethod]
    public void An_operator_with_two_inputs_begins_a_chain_and_tells_its_inputs_apart()
    {
        JobGraph plan = Plans.Of(env => env.FromSource(Numbers)
            .Connect(env.FromSource(Numbers).Union(env.FromElements(1)))
            .Map(x => $"{x}", x => $"{-x}")
            .Map(x => x));

        Assert.AreEqual("CoMap -> Map x2", Plans.Vertices(plan)[^1]);
        CollectionAssert.AreEqual(new[] { 0, 1, 1 }, plan.Edges.Select(edge => edge.Input).ToArray());
    }

    [TestMethod]
    public void Both_inputs_of_a_keyed_operator_are_partitioned_by_key()
    {
        JobGraph plan = Plans.Of(env =>
        {
            KeyedStream<int, int> keyed = env.FromSource(Numbers).KeyBy(x => x);
            keyed.Connect(keyed).Map(x => x, x => x);
        });

        CollectionAssert.AreEqual(
            new[] { PartitionerKind.Hash, PartitionerKind.Hash },
            plan.Edges.Select(edge => edge.Partitioner).ToArray());
        CollectionAssert.AreEqual(new[] { 0, 1 }, plan.Edges.Select(edge => edge.Input).ToArray());
    }

    [TestMethod]
    public void Programs_that_exchange_the_inputs_differ_in_shape_and_in_ids()
    {
        Action<StreamExecutionEnvironment> once = env =>
        {
            DataStream<int> numbers = env.FromSource(Numbers);
            numbers.Connect(numbers.Union(numbers)).Map(x => x, x => x);
        };
        Action<StreamExecutionEnvironment> other = env =>
        {
            DataStream<int> numbers = env.FromSource(Numbers);
            numbers.Union(numbers).Connect(numbers).Map(x => x, x => x);
        };

        Assert.AreNotEqual(Plans.Program(once).Nodes[^1].Id, Plans.Program(other).Nodes[^1].Id);
        Assert.ThrowsExactly<InvalidProgramGraphException>(
            () => GraphShape.RequireSame(Plans.Program(other), Plans.Of(once)));
    }

    [TestMethod]
    public void Streams_with_keys_of_different_types_are_refused_with_both()
    {
        InvalidProgramGraphException error = Assert.ThrowsExactly<InvalidProgramGraphException>(() => Plans.Of(env =>
            env.FromSource(Numbers).KeyBy(x => x).Connect(env.FromSource(Numbers).KeyBy(x => $"{x}"))));

        StringAssert.Contains(error.Message, "System.Int32");
        StringAssert.Contains(error.Message, "System.String");
    }

    [TestMethod]
    public void A_keyed_operator_warns_when_its_state_has_no_uid()
    {
        JobGraph plan = Plans.Of(env => env.FromSource(Numbers).KeyBy(x => x)
            .Connect(env.FromSource(Numbers).KeyBy(x => x)).Map(x => x, x => x));

        StringAssert.Contains(plan.Warnings.Single(), "'KeyedCoMap'");
    }
}
