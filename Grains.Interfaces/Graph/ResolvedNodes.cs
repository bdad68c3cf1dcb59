using Millrace.Failures;

namespace Millrace.Graph;

/// <summary>The settings of each operator once every default is applied.</summary>
internal sealed class ResolvedNodes
{
    private const string DefaultGroup = "default";

    private readonly int[] _parallelism;
    private readonly string[] _groups;

    /// <param name="graph">The operators.</param>
    /// <param name="defaultParallelism">For operators of which neither they nor the environment say otherwise.</param>
    /// <exception cref="InvalidProgramGraphException">More subtasks than key groups are asked for.</exception>
    public ResolvedNodes(StreamGraph graph, int defaultParallelism)
    {
        _parallelism = new int[graph.Nodes.Count];
        _groups = new string[graph.Nodes.Count];
        int fallback = graph.Environment.Parallelism ?? defaultParallelism;
        foreach (StreamNode node in graph.Nodes)
        {
            _parallelism[node.Index] = Parallelism(node, fallback, graph.Environment.MaxParallelism);
            _groups[node.Index] = Group(node);
        }
    }

    public int ParallelismOf(StreamNode node) => _parallelism[node.Index];

    public string SlotSharingGroupOf(StreamNode node) => _groups[node.Index];

    private static int Parallelism(StreamNode node, int fallback, int maxParallelism)
    {
        Transformation transformation = node.Transformation;
        int parallelism = transformation.Parallelism
            ?? Math.Min(fallback, transformation.ParallelismLimit ?? int.MaxValue);
        return parallelism <= maxParallelism
            ? parallelism
            : throw new InvalidProgramGraphException(
                $"'{transformation.Name}' has parallelism {parallelism}, but the job has {maxParallelism} " +
                "key groups: " +
                $"raise them with env.SetMaxParallelism({parallelism} or more) or lower the parallelism.");
    }

    // As in Flink: the group of the inputs when they agree, else the default one.
    private string Group(StreamNode node)
    {
        if (node.Transformation.SlotSharingGroup is string asked)
        {
            return asked;
        }

        string? common = null;
        foreach (StreamEdge edge in node.Inputs)
        {
            string group = _groups[edge.From.Index];
            if (common is not null && common != group)
            {
                return DefaultGroup;
            }

            common = group;
        }

        return common ?? DefaultGroup;
    }
}
