using Millrace.Connectors;
using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Running;

/// <summary>Waits for every subtask; the first failure is thrown.</summary>
internal sealed class EndsOfTasks(int tasks) : ITaskReporter
{
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = tasks;

    public Task AllAsync => _all.Task;

    public void Report(JobId job, JobEpoch epoch, TaskReport report)
    {
        if (report.State == ExecutionState.Failed)
        {
            _all.TrySetException(new InvalidOperationException(report.Failure!.ToString()));
        }

        if (report.State == ExecutionState.Finished && Interlocked.Decrement(ref _left) == 0)
        {
            _all.TrySetResult();
        }
    }

    // The sources of the contests bring their records along.
    public Task<SplitAnswer> RequestSplitAsync(
        JobEpoch epoch,
        ExecutionAttemptId attempt,
        OperatorId source,
        long checkpoint,
        CancellationToken cancellationToken) =>
        Task.FromResult(new SplitAnswer(SplitAssignmentKind.NoMore, null));

    public Task<long> AlignAsync(AlignmentReport report, CancellationToken cancellationToken) =>
        Task.FromResult(long.MaxValue);

    public void SlotLost(JobId job, JobEpoch epoch, ExecutionAttemptId attempt, int slot) =>
        _all.TrySetException(new InvalidOperationException($"{attempt} did not stop."));
}
