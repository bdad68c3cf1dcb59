using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace.Jobs.Executions;

/// <summary>One attempt of one subtask. Changed by its <see cref="ExecutionGraph"/> only.</summary>
internal sealed class SubtaskExecution(int vertex, ExecutionAttemptId id)
{
    /// <summary>Zero-based index of the vertex in the plan.</summary>
    public int Vertex { get; } = vertex;

    public ExecutionAttemptId Id { get; } = id;

    public ExecutionState State { get; internal set; }

    public GrantedSlot? Slot { get; internal set; }

    public DateTimeOffset? StartedAt { get; internal set; }

    public DateTimeOffset? EndedAt { get; internal set; }

    public TaskMetrics? Metrics { get; internal set; }
}
