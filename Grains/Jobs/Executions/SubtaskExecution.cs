using Millrace.Checkpointing.Storage;
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

    /// <summary>What it goes on from, when its region runs again; null when all of the job began together.</summary>
    public CheckpointReference? From { get; internal set; }

    /// <summary>Whether it has read all its input and works off what is left.</summary>
    public bool IsEnding { get; internal set; }

    /// <summary>What it left, once it has finished.</summary>
    public TaskResult? Result { get; internal set; }

    /// <summary>As last heard.</summary>
    public TaskMetrics? Metrics { get; private set; }

    /// <summary>Between the last two looks; over its whole life once its last figures came.</summary>
    public TaskRates? Rates { get; private set; }

    /// <summary>Takes figures of the running subtask.</summary>
    internal void Observe(TaskMetrics metrics)
    {
        // A look that took no time says nothing new about rates.
        Rates = TaskRates.Between(Metrics, metrics) ?? Rates;
        Metrics = metrics;
    }

    /// <summary>Takes the figures it ended with.</summary>
    internal void Ended(TaskMetrics metrics)
    {
        Rates = TaskRates.Between(null, metrics);
        Metrics = metrics;
    }
}
