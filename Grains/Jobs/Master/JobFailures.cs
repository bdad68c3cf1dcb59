using Millrace.Failures;
using Millrace.Graph;
using Millrace.Jobs.Executions;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <summary>Failures that the job's side finds by itself.</summary>
internal static class JobFailures
{
    public static FailurePlace PlaceOf(ExecutionGraph graph, SubtaskExecution execution)
    {
        JobVertex vertex = graph.Plan.Vertices[execution.Vertex];
        return new FailurePlace(
            vertex.Name, null, execution.Id.Subtask, vertex.Parallelism, null, execution.Slot?.SiloName);
    }

    /// <summary>A silo with subtasks is gone.</summary>
    public static FailureInfo Lost(JobEvent.SiloLost lost) =>
        FailureInfo.Of(new TaskManagerLostException(
            lost.Name == lost.Silo ? lost.Silo : $"{lost.Name} ({lost.Silo})"));

    /// <summary>A subtask says that it failed, and not why.</summary>
    public static FailureInfo Unexplained(ExecutionGraph graph, SubtaskExecution execution) =>
        FailureInfo.Of(
            new InvalidOperationException("A subtask failed without saying why."), PlaceOf(graph, execution));

    /// <summary>A subtask stopped though nobody had asked it to.</summary>
    public static FailureInfo NotAsked(ExecutionGraph graph, SubtaskExecution execution) =>
        FailureInfo.Of(
            new InvalidOperationException("A subtask was told to stop by somebody else than its job."),
            PlaceOf(graph, execution));

    /// <summary>A subtask did not stop, and its silo did not say so either.</summary>
    public static FailureInfo NotStopped(ExecutionGraph graph, SubtaskExecution execution, TimeSpan waited)
    {
        JobVertex vertex = graph.Plan.Vertices[execution.Vertex];
        string subtask = $"'{vertex.Name}' ({execution.Id.Subtask + 1}/{vertex.Parallelism})";
        return FailureInfo.Of(new TaskCancellationTimeoutException(subtask, waited), PlaceOf(graph, execution));
    }
}
