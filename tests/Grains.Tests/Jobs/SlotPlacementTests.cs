using System.Collections.Immutable;
using Millrace.Graph;
using Millrace.Jobs.Executions;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace.Jobs;

[TestClass]
public sealed class SlotPlacementTests
{
    [TestMethod]
    public void A_job_needs_as_many_slots_as_the_widest_vertex_of_each_group()
    {
        JobGraph plan = Plans.Of(
            [("a", 4, "default"), ("b", 2, "other"), ("c", 6, "default"), ("d", 3, "other")]);

        CollectionAssert.AreEqual(
            new[] { new SlotDemand("default", 6), new SlotDemand("other", 3) },
            SlotPlacement.DemandOf(plan));
    }

    [TestMethod]
    public void Subtasks_go_back_into_their_slots_or_to_their_silos_as_far_as_these_are_there()
    {
        ImmutableArray<GrantedSlot> former = [Slot("a", 0), Slot("b", 0), Slot("c", 0), Slot("a", 1)];
        ImmutableArray<GrantedSlot> granted = [Slot("d", 0), Slot("a", 1), Slot("b", 7), Slot("a", 0)];

        CollectionAssert.AreEqual(
            new[] { Slot("a", 0), Slot("b", 7), Slot("d", 0), Slot("a", 1) },
            SlotPlacement.Arrange(granted, former).ToArray());
        CollectionAssert.AreEqual(granted.ToArray(), SlotPlacement.Arrange(granted, []).ToArray());

        static GrantedSlot Slot(string silo, int index) => new(new SiloEndpoint(silo, "x"), silo, index);
    }

    // All small plans of three vertices in up to two groups, so that no case of rounding is left to luck.
    [TestMethod]
    public void No_slot_holds_two_subtasks_of_a_vertex_or_subtasks_of_two_groups()
    {
        for (int code = 0; code < 4 * 4 * 4 * 8; code++)
        {
            int[] widths = [1 + (code % 4), 1 + (code / 4 % 4), 1 + (code / 16 % 4)];
            string[] groups = [.. Enumerable.Range(0, 3).Select(bit => ((code / 64) >> bit & 1) == 0 ? "x" : "y")];
            JobGraph plan = Plans.Of(
                [("a", widths[0], groups[0]), ("b", widths[1], groups[1]), ("c", widths[2], groups[2])],
                ("a", "b", widths[0] == widths[1] ? PartitionerKind.Forward : PartitionerKind.Hash),
                ("b", "c", PartitionerKind.Rebalance));
            ImmutableArray<GrantedSlot> slots = Slots(SlotPlacement.DemandOf(plan).Sum(demand => demand.Slots), 2);

            GrantedSlot[][] placed = SlotPlacement.Place(plan, slots);

            for (int vertex = 0; vertex < 3; vertex++)
            {
                Assert.HasCount(widths[vertex], placed[vertex].Distinct().ToArray(), $"plan {code}, vertex {vertex}");
                for (int other = 0; other < vertex; other++)
                {
                    bool shared = placed[vertex].Intersect(placed[other]).Any();
                    Assert.IsFalse(shared && groups[vertex] != groups[other], $"plan {code}: groups share a slot");
                }
            }

            Assert.IsEmpty(slots.Except(placed.SelectMany(vertex => vertex)).Where(_ => widths.Max() == widths.Min()
                && groups.Distinct().Count() == 1), $"plan {code}: a slot is left empty");
        }
    }

    [TestMethod]
    public void Forward_edges_stay_in_their_slot()
    {
        JobGraph plan = Plans.Of(
            [("wide", 5, "default"), ("narrow", 1, "default"), ("a", 3, "default"), ("b", 3, "default")],
            ("wide", "narrow", PartitionerKind.Rebalance),
            ("narrow", "a", PartitionerKind.Rebalance),
            ("a", "b", PartitionerKind.Forward));

        GrantedSlot[][] placed = SlotPlacement.Place(plan, Slots(5, 5));

        CollectionAssert.AreEqual(placed[2], placed[3]);
    }

    [TestMethod]
    public void Narrow_vertices_do_not_pile_up_in_one_slot()
    {
        JobGraph plan = Plans.Of(
            [("wide", 4, "default"), ("x", 1, "default"), ("y", 1, "default"), ("z", 1, "default")],
            ("wide", "x", PartitionerKind.Rebalance),
            ("wide", "y", PartitionerKind.Rebalance),
            ("wide", "z", PartitionerKind.Rebalance));

        GrantedSlot[][] placed = SlotPlacement.Place(plan, Slots(4, 4));

        Assert.HasCount(3, placed.Skip(1).Select(vertex => vertex[0]).Distinct().ToArray());
    }

    [TestMethod]
    public void Another_number_of_slots_than_needed_is_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => SlotPlacement.Place(Plans.TwoStages(2, 2), Slots(3, 1)));
    }

    private static ImmutableArray<GrantedSlot> Slots(int count, int silos) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
            new GrantedSlot(new SiloEndpoint($"silo{i % silos}", "x:1"), $"silo{i % silos}", i / silos)),
    ];
}
