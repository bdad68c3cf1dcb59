using System.Collections.Immutable;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Jobs.Executions;

namespace Millrace.Jobs.Master;

/// <summary>Shows a job.</summary>
internal static class JobView
{
    /// <summary>The vertices with the current attempts of their subtasks.</summary>
    public static ImmutableArray<VertexDetails> Vertices(ExecutionGraph graph)
    {
        ImmutableArray<VertexDetails>.Builder vertices = ImmutableArray.CreateBuilder<VertexDetails>();
        for (int index = 0; index < graph.Plan.Vertices.Length; index++)
        {
            JobVertex vertex = graph.Plan.Vertices[index];
            vertices.Add(new VertexDetails(
                vertex.Id,
                vertex.Name,
                vertex.MaxParallelism,
                vertex.SlotSharingGroup,
                [.. graph.Of(index).Select(Subtask)]));
        }

        return vertices.ToImmutable();
    }

    /// <summary>All there is to show.</summary>
    public static JobDetails Details(
        JobSubmission submission,
        JobEpoch epoch,
        JobHistory history,
        ImmutableArray<VertexDetails> vertices,
        ImmutableArray<AccumulatorValue> accumulators,
        int restarts,
        long version) => new(
            submission.Job,
            submission.Graph.Name,
            history.Status,
            version,
            epoch,
            history.Statuses,
            vertices,
            history.Root,
            history.Failures,
            accumulators,
            restarts);

    private static SubtaskDetails Subtask(SubtaskExecution execution) => new(
        execution.Id.Attempt,
        execution.State,
        execution.Slot?.Silo.Silo,
        execution.Slot?.SiloName,
        execution.Slot?.Index ?? -1,
        execution.StartedAt,
        execution.EndedAt,
        execution.Metrics,
        execution.Rates);
}
