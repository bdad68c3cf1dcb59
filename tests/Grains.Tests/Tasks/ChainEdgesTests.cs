using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Graph;

namespace Millrace.Tasks;

/// <summary>What is in flight on an edge is found again by its name.</summary>
[TestClass]
public sealed class ChainEdgesTests
{
    [TestMethod]
    public void Edges_from_one_operator_to_one_input_have_names_of_their_own()
    {
        var environment = new StreamExecutionEnvironment();
        DataStream<long> numbers = environment.FromSequence(0, 99);
        numbers.Rebalance().Union(numbers.Rebalance(), numbers.Map(x => -x)).Map(x => x + 1).CollectTo("out");

        IReadOnlyList<StreamEdge> edges = StreamGraph.Of(environment).Nodes
            .Select(static node => node.Inputs)
            .First(static inputs => inputs.Count == 3);
        string[] names = [.. edges.Select(static edge => edge.Name)];

        Assert.AreSame(edges[0].From, edges[1].From);
        Assert.AreEqual(edges[0].From.Id.ToString(), names[0], "the first one keeps the name that checkpoints know");
        CollectionAssert.AllItemsAreUnique(names);
    }
}
