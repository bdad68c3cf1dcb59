using Millrace.Graph;

namespace Millrace.Jobs.Executions;

/// <summary>Which subtasks fail together: those that pass records to each other while both run.</summary>
internal sealed class PipelinedRegions
{
    private readonly Dictionary<VertexId, int> _first = [];
    private readonly int[] _regions;

    private PipelinedRegions(JobGraph plan)
    {
        int count = 0;
        foreach (JobVertex vertex in plan.Vertices)
        {
            _first.Add(vertex.Id, count);
            count += vertex.Parallelism;
        }

        _regions = [.. Enumerable.Range(0, count)];
        foreach (JobEdge edge in plan.Edges.Where(static edge => edge.Exchange == ExchangeKind.Pipelined))
        {
            Join(edge, plan.Vertex(edge.From).Parallelism, plan.Vertex(edge.To).Parallelism);
        }

        // Counted in the order in which a plan shows them.
        Dictionary<int, int> numbers = [];
        int[] roots = [.. Enumerable.Range(0, count).Select(RootOf)];
        for (int i = 0; i < count; i++)
        {
            if (!numbers.TryGetValue(roots[i], out int number))
            {
                numbers.Add(roots[i], number = numbers.Count);
            }

            _regions[i] = number;
        }

        Count = numbers.Count;
    }

    /// <summary>Number of regions.</summary>
    public int Count { get; }

    public static PipelinedRegions Of(JobGraph plan) => new(plan);

    /// <summary>The number of a subtask's region, from zero: all its subtasks share it, and no other.</summary>
    public int RegionOf(VertexId vertex, int subtask) => _regions[_first[vertex] + subtask];

    // One step for each subtask, not for each pair: all-to-all joins everybody with the first at the other end; and
    // pointwise, each of the larger side has one at the other.
    private void Join(JobEdge edge, int producers, int consumers)
    {
        int from = _first[edge.From];
        int to = _first[edge.To];
        bool pointwise = edge.Partitioner is PartitionerKind.Forward or PartitionerKind.Rescale;
        for (int producer = 0; producer < producers && (!pointwise || producers >= consumers); producer++)
        {
            int consumer = pointwise ? (int)((long)producer * consumers / producers) : 0;
            Union(from + producer, to + consumer);
        }

        for (int consumer = 0; consumer < consumers && (!pointwise || consumers > producers); consumer++)
        {
            int producer = pointwise ? (int)((long)consumer * producers / consumers) : 0;
            Union(from + producer, to + consumer);
        }
    }

    private void Union(int left, int right) => _regions[RootOf(left)] = RootOf(right);

    private int RootOf(int subtask)
    {
        while (_regions[subtask] != subtask)
        {
            _regions[subtask] = _regions[_regions[subtask]];
            subtask = _regions[subtask];
        }

        return subtask;
    }
}
