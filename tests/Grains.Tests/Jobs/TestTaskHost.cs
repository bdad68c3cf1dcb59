using System.Collections.Concurrent;
using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Failures;
using Millrace.Graph;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace.Jobs;

/// <summary>Subtasks that process nothing: they finish at once, or run until they are told otherwise.</summary>
internal sealed class TestTaskHost(ITaskReporter reporter, SiloIdentity silo, TaskBehavior behavior) : ITaskHost
{
    private readonly ConcurrentDictionary<ExecutionAttemptId, (JobEpoch Epoch, bool IsSink)> _tasks = new();
    private readonly EpochFence _fence = new();

    public string Exchange => "127.0.0.1:1";

    public IReadOnlyCollection<ExecutionAttemptId> Attempts => [.. _tasks.Keys];

    public Task DeployAsync(TaskDeploymentList list, CancellationToken cancellationToken)
    {
        _fence.Pass(list.Job, list.Epoch);
        if (behavior.DeployFailure is { } failure)
        {
            throw failure;
        }

        foreach (TaskDeployment task in list.Tasks)
        {
            bool isSink = list.Graph.Vertex(task.Attempt.Vertex).Operators.Any(step => step.Role == OperatorRole.Sink);
            Assert.IsTrue(_tasks.TryAdd(task.Attempt, (list.Epoch, isSink)), $"{task.Attempt} is deployed twice");
            behavior.Deployed.Enqueue((silo.Name, task));
        }

        return Task.CompletedTask;
    }

    public void Start(JobId job, JobEpoch epoch, IReadOnlyList<ExecutionAttemptId> attempts)
    {
        _fence.Pass(job, epoch);
        foreach (ExecutionAttemptId attempt in attempts)
        {
            reporter.Report(job, epoch, new TaskReport(attempt, ExecutionState.Running, null, null));
            if (behavior.FinishAtOnce)
            {
                Finish(attempt);
            }
        }
    }

    public void Cancel(JobId job, JobEpoch epoch, IReadOnlyList<ExecutionAttemptId> attempts)
    {
        _fence.Pass(job, epoch);
        foreach (ExecutionAttemptId attempt in attempts)
        {
            if (!behavior.IgnoreCancel || !_tasks.ContainsKey(attempt))
            {
                _tasks.TryRemove(attempt, out _);
                reporter.Report(job, epoch, new TaskReport(attempt, ExecutionState.Canceled, null, null));
            }
        }
    }

    public IReadOnlyList<PartitionId> SendPartitions(PartitionOrder order) => [];

    public void ReleasePartitions(PartitionOrder order)
    {
    }

    public void ReleasePartitions(JobId job, JobEpoch epoch)
    {
    }

    public IReadOnlyList<JobId> JobsWithCopies() => [];

    public void ReleaseCopies(JobId job)
    {
    }

    public IReadOnlyList<JobId> JobsWithPartitions() => [];

    public IReadOnlyList<TaskMetrics> MetricsOf(JobId job) =>
        [.. Running().Where(task => task.Attempt.Job == job)];

    public IReadOnlyList<TaskMetrics> Running() =>
        [.. _tasks.Keys.Select(attempt => new TaskMetrics(attempt, ExecutionState.Running, 5, 4, 3, 2, 1, 0))];

    public ImmutableArray<EdgeMetrics> EdgesOf(ExecutionAttemptId attempt) => [];

    public void Finish(ExecutionAttemptId attempt)
    {
        if (_tasks.TryRemove(attempt, out (JobEpoch Epoch, bool IsSink) task))
        {
            reporter.Report(attempt.Job, task.Epoch, new TaskReport(
                attempt, ExecutionState.Finished, null, ResultOf(attempt, task.IsSink)));
        }
    }

    public void Fail(ExecutionAttemptId attempt, Exception exception)
    {
        if (_tasks.TryRemove(attempt, out (JobEpoch Epoch, bool IsSink) task))
        {
            reporter.Report(attempt.Job, task.Epoch, new TaskReport(
                attempt, ExecutionState.Failed, FailureInfo.Of(exception), null));
        }
    }

    /// <summary>As if the subtask did not react: it stays, and its slot goes.</summary>
    public void GiveUp(ExecutionAttemptId attempt, int slot)
    {
        if (_tasks.TryRemove(attempt, out (JobEpoch Epoch, bool IsSink) task))
        {
            reporter.SlotLost(attempt.Job, task.Epoch, attempt, slot);
        }
    }

    public void TriggerCheckpoint(CheckpointOrder order)
    {
        // Its jobs take none.
    }

    public void NotifyCheckpoint(CheckpointNotice notice)
    {
        // Its jobs take none.
    }

    public void GoOn(CheckpointOrder order)
    {
        // Its jobs take none.
    }

    public Task<Connectors.SplitAnswer> RequestSplitAsync(ExecutionAttemptId attempt, OperatorId source) =>
        reporter.RequestSplitAsync(
            _tasks[attempt].Epoch, attempt, source, checkpoint: 0, CancellationToken.None);

    private static TaskResult ResultOf(ExecutionAttemptId attempt, bool isSink) => new(
        [new Functions.AccumulatorValue("tasks", Functions.AccumulatorKind.LongSum, 1)],
        isSink ? [new OperatorCommittables(new OperatorId(attempt.Vertex.Value), [[(byte)attempt.Subtask]])] : [],
        isSink ? [new ReturnedBytes("out", attempt.Subtask, [(byte)attempt.Subtask])] : []);
}

/// <summary>How the subtasks of a test cluster behave.</summary>
internal sealed class TaskBehavior
{
    public bool FinishAtOnce { get; set; } = true;

    public bool IgnoreCancel { get; set; }

    public Exception? DeployFailure { get; set; }

    public ConcurrentQueue<(string Silo, TaskDeployment Task)> Deployed { get; } = new();
}
