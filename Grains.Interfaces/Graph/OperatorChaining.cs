namespace Millrace.Graph;

/// <summary>Decides which operators run in one subtask.</summary>
internal static class OperatorChaining
{
    /// <summary>Whether the operator at the end of an edge runs in the subtask of the one at its beginning.</summary>
    /// <param name="edge">The edge.</param>
    /// <param name="plan">Resolved parallelism and groups.</param>
    /// <param name="enabled">Whether the program allows chaining at all.</param>
    public static bool Joins(StreamEdge edge, ResolvedNodes plan, bool enabled)
    {
        StreamNode from = edge.From;
        StreamNode to = edge.To;
        int parallelism = plan.ParallelismOf(from);
        return enabled
            && to.Inputs.Count == 1
            && from.Transformation.Chaining != ChainingStrategy.Never
            && to.Transformation.Chaining == ChainingStrategy.Always
            && parallelism == plan.ParallelismOf(to)
            && plan.SlotSharingGroupOf(from) == plan.SlotSharingGroupOf(to)
            && edge.PartitionerFor(parallelism, parallelism) == PartitionerKind.Forward;
    }
}
