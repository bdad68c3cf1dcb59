using System.Collections.Immutable;
using Millrace.Graph;
using Millrace.Slots;

namespace Millrace.Jobs.Executions;

/// <summary>Which subtask goes into which slot.</summary>
/// <remarks>Slot sharing as in Flink: a slot holds at most one subtask of each vertex of its slot sharing group, so a
/// group
/// needs as many slots as its widest vertex has subtasks.</remarks>
internal static class SlotPlacement
{
    /// <summary>How many slots each slot sharing group needs, in the order of the plan.</summary>
    /// <remarks>A job that runs in stages has one subtask at a time in a slot: it makes use of as many as its widest
    /// stage has subtasks, and can do with one.</remarks>
    public static ImmutableArray<SlotDemand> DemandOf(JobGraph plan) => plan.RunsInStages
        ? [new SlotDemand(plan.Vertices[0].SlotSharingGroup, plan.Vertices.Max(static vertex => vertex.Parallelism))]
        : DemandOfGroups(plan);

    private static ImmutableArray<SlotDemand> DemandOfGroups(JobGraph plan) =>
    [
        .. plan.Vertices
            .GroupBy(static vertex => vertex.SlotSharingGroup)
            .Select(static group => new SlotDemand(group.Key, group.Max(static vertex => vertex.Parallelism))),
    ];

    /// <summary>Puts slots in an order in which as many subtasks as possible run where they ran before: in the same
    /// slot, or else on the same silo.</summary>
    /// <param name="slots">The slots.</param>
    /// <param name="former">Those before, in their order; none, or another number, leaves the order as it is.</param>
    public static ImmutableArray<GrantedSlot> Arrange(
        ImmutableArray<GrantedSlot> slots, ImmutableArray<GrantedSlot> former)
    {
        if (former.Length != slots.Length)
        {
            return slots;
        }

        List<GrantedSlot> left = [.. slots];
        GrantedSlot?[] arranged = new GrantedSlot?[slots.Length];
        Take(static (slot, was) => slot == was);
        Take(static (slot, was) => slot.Silo.Silo == was.Silo.Silo);
        Take(static (_, _) => true);
        return [.. arranged.OfType<GrantedSlot>()];

        void Take(Func<GrantedSlot, GrantedSlot, bool> fits)
        {
            for (int i = 0; i < arranged.Length && left.Count > 0; i++)
            {
                int found = arranged[i] is null ? left.FindIndex(slot => fits(slot, former[i])) : -1;
                if (found >= 0)
                {
                    arranged[i] = left[found];
                    left.RemoveAt(found);
                }
            }
        }
    }

    /// <summary>Gives every subtask a slot.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="slots">As many as <see cref="DemandOf"/> adds up to, neighbours on different silos.</param>
    /// <returns>By vertex, then by subtask.</returns>
    public static GrantedSlot[][] Place(JobGraph plan, ImmutableArray<GrantedSlot> slots)
    {
        Dictionary<string, (int First, int Count)> ranges = RangesOf(plan, slots.Length);
        int[] components = ForwardComponents(plan);
        Dictionary<int, int> offsets = [];
        Dictionary<string, int> taken = [];
        GrantedSlot[][] placed = new GrantedSlot[plan.Vertices.Length][];
        for (int vertex = 0; vertex < placed.Length; vertex++)
        {
            JobVertex planned = plan.Vertices[vertex];
            (int first, int count) = ranges[planned.SlotSharingGroup];
            if (!offsets.TryGetValue(components[vertex], out int offset))
            {
                // Narrow vertices go where no narrow vertex is yet, instead of all into the first slots.
                offset = taken.GetValueOrDefault(planned.SlotSharingGroup);
                offsets.Add(components[vertex], offset);
                taken[planned.SlotSharingGroup] = (offset + planned.Parallelism) % count;
            }

            placed[vertex] = new GrantedSlot[planned.Parallelism];
            for (int subtask = 0; subtask < planned.Parallelism; subtask++)
            {
                placed[vertex][subtask] = slots[first + ((offset + subtask) % count)];
            }
        }

        return placed;
    }

    private static Dictionary<string, (int First, int Count)> RangesOf(JobGraph plan, int slots)
    {
        Dictionary<string, (int First, int Count)> ranges = [];
        int first = 0;
        foreach (SlotDemand demand in DemandOf(plan))
        {
            ranges.Add(demand.Group, (first, demand.Slots));
            first += demand.Slots;
        }

        return first == slots
            ? ranges
            : throw new ArgumentException($"The plan needs {first} slots, {slots} were given.", nameof(slots));
    }

    // Vertices joined by forward edges stay together, so that subtask n finds subtask n in its own slot.
    private static int[] ForwardComponents(JobGraph plan)
    {
        Dictionary<VertexId, int> indexes =
            plan.Vertices.Index().ToDictionary(static vertex => vertex.Item.Id, static vertex => vertex.Index);
        int[] components = [.. Enumerable.Range(0, plan.Vertices.Length)];
        foreach (JobEdge edge in plan.Edges)
        {
            int from = indexes[edge.From];
            int to = indexes[edge.To];
            bool together = edge.Partitioner == PartitionerKind.Forward
                && plan.Vertices[from].SlotSharingGroup == plan.Vertices[to].SlotSharingGroup;
            if (!together)
            {
                continue;
            }

            int replaced = components[to];
            for (int i = 0; i < components.Length; i++)
            {
                components[i] = components[i] == replaced ? components[from] : components[i];
            }
        }

        return components;
    }
}
