using Millrace.Graph;
using Millrace.Jobs.Executions;
using Millrace.Tasks;

namespace Millrace.Jobs;

[TestClass]
public sealed class PipelinedRegionsTests
{
    [TestMethod]
    public void Forward_edges_make_a_region_of_each_subtask()
    {
        PipelinedRegions regions = PipelinedRegions.Of(Plans.Of(
            [("a", 3, "default"), ("b", 3, "default")], ("a", "b", PartitionerKind.Forward)));

        Assert.AreEqual(3, regions.Count);
        for (int subtask = 0; subtask < 3; subtask++)
        {
            Assert.AreEqual(
                regions.RegionOf(Plans.VertexOf("a"), subtask), regions.RegionOf(Plans.VertexOf("b"), subtask));
        }
    }

    [TestMethod]
    [DataRow(PartitionerKind.Hash)]
    [DataRow(PartitionerKind.Rebalance)]
    [DataRow(PartitionerKind.Shuffle)]
    [DataRow(PartitionerKind.Broadcast)]
    [DataRow(PartitionerKind.Global)]
    [DataRow(PartitionerKind.Custom)]
    public void An_edge_that_may_reach_everybody_makes_one_region(PartitionerKind kind)
    {
        PipelinedRegions regions = PipelinedRegions.Of(Plans.Of(
            [("a", 5, "default"), ("b", 3, "default")], ("a", "b", kind)));

        Assert.AreEqual(1, regions.Count);
    }

    // All parallelisms up to 12 on both sides: each connected pair shares a region, and no others do.
    [TestMethod]
    public void Rescale_joins_only_neighbours()
    {
        for (int producers = 1; producers <= 12; producers++)
        {
            for (int consumers = 1; consumers <= 12; consumers++)
            {
                PipelinedRegions regions = PipelinedRegions.Of(Plans.Of(
                    [("a", producers, "default"), ("b", consumers, "default")],
                    ("a", "b", PartitionerKind.Rescale)));

                Assert.AreEqual(Math.Min(producers, consumers), regions.Count, $"{producers} x {consumers}");
                for (int consumer = 0; consumer < consumers; consumer++)
                {
                    (int first, int count) = EdgeChannels.ProducersOf(
                        PartitionerKind.Rescale, consumer, producers, consumers);
                    int region = regions.RegionOf(Plans.VertexOf("b"), consumer);
                    Assert.IsTrue(
                        Enumerable.Range(first, count)
                            .All(producer => regions.RegionOf(Plans.VertexOf("a"), producer) == region),
                        $"{producers} x {consumers}: {consumer}");
                }
            }
        }
    }

    [TestMethod]
    public void Parts_of_a_job_that_do_not_touch_are_regions_of_their_own()
    {
        PipelinedRegions regions = PipelinedRegions.Of(Plans.Of(
            [("a", 2, "default"), ("b", 2, "default"), ("c", 2, "default"), ("d", 2, "default")],
            ("a", "c", PartitionerKind.Hash),
            ("b", "d", PartitionerKind.Hash)));

        Assert.AreEqual(2, regions.Count);
        Assert.AreNotEqual(regions.RegionOf(Plans.VertexOf("a"), 0), regions.RegionOf(Plans.VertexOf("b"), 0));
    }
}
