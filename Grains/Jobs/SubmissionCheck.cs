using Millrace.Failures;
using Millrace.Graph;

namespace Millrace.Jobs;

/// <summary>What a submission must be; messages are checked where they arrive.</summary>
internal static class SubmissionCheck
{
    private const int MaxSubtasks = 1 << 20;

    /// <exception cref="InvalidProgramGraphException">It cannot run; the message says why.</exception>
    public static void Require(JobSubmission submission)
    {
        JobGraph graph = submission.Graph;
        if (submission.Program is null || graph?.Settings is null || submission.Restart is null
            || submission.Arguments.IsDefault || graph.Vertices.IsDefaultOrEmpty || graph.Edges.IsDefault
            || graph.Shape.IsDefault || graph.Elements is null || graph.Warnings.IsDefault)
        {
            throw new InvalidProgramGraphException($"Job {submission.Job} was submitted without a complete plan.");
        }

        if (submission.Restart.Delay < TimeSpan.Zero || submission.Restart.Attempts < 0)
        {
            throw new InvalidProgramGraphException(
                $"Job '{graph.Name}' wants {submission.Restart.Attempts} restarts after {submission.Restart.Delay}: " +
                "neither may be negative.");
        }

        Require(graph);
    }

    private static void Require(JobGraph graph)
    {
        Dictionary<VertexId, int> positions = [];
        long subtasks = 0;
        foreach (JobVertex vertex in graph.Vertices)
        {
            if (!positions.TryAdd(vertex.Id, positions.Count))
            {
                throw new InvalidProgramGraphException($"Job '{graph.Name}' has vertex {vertex.Id} twice.");
            }

            bool possible = vertex.Parallelism >= 1 && vertex.Parallelism <= vertex.MaxParallelism;
            if (!possible || vertex.Operators.IsDefaultOrEmpty)
            {
                throw new InvalidProgramGraphException(
                    $"Vertex '{vertex.Name}' of job '{graph.Name}' cannot run: it has parallelism " +
                    $"{vertex.Parallelism} of 1 to {vertex.MaxParallelism}, or no operator.");
            }

            subtasks += vertex.Parallelism;
        }

        if (subtasks > MaxSubtasks)
        {
            throw new InvalidProgramGraphException(
                $"Job '{graph.Name}' has {subtasks} subtasks; at most {MaxSubtasks} are possible.");
        }

        foreach (JobEdge edge in graph.Edges)
        {
            bool known = positions.TryGetValue(edge.From, out int from) & positions.TryGetValue(edge.To, out int to);
            if (!known || from >= to)
            {
                throw new InvalidProgramGraphException(
                    $"Edge {edge.Index} of job '{graph.Name}' goes from {edge.From} to {edge.To}: both must be " +
                    "vertices of the job, the first one before the second.");
            }
        }
    }
}
