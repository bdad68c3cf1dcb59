using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Connectors;
using Millrace.Execution;
using Millrace.Failures;
using Millrace.Jobs;
using Millrace.Slots;

namespace Millrace.Tasks;

/// <summary>Carries what this silo's subtasks say to the grains of their jobs.</summary>
/// <remarks>A queue holds at most a few reports for each attempt, and goes when the job has taken or refused
/// all.</remarks>
internal sealed class TaskReporter(
    IGrainFactory grains,
    SlotTable slots,
    SiloIdentity silo,
    IExecution execution,
    IOptions<TaskHostOptions> options,
    ILogger<TaskReporter> logger) : ITaskReporter, IDisposable
{
    private const int MaxBatch = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<(JobId Job, JobEpoch Epoch), Queue<TaskReport>> _queues = [];
    private readonly ConcurrentDictionary<(ExecutionAttemptId Attempt, OperatorId Source), long> _splits = [];
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Reports that no job has taken or refused yet.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _queues.Values.Sum(static queue => queue.Count);
            }
        }
    }

    public void Report(JobId job, JobEpoch epoch, TaskReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.State.IsTerminal())
        {
            ForgetSplits(report.Attempt);
        }

        lock (_gate)
        {
            if (_queues.TryGetValue((job, epoch), out Queue<TaskReport>? queue))
            {
                queue.Enqueue(report);
                return;
            }

            queue = new Queue<TaskReport>([report]);
            _queues.Add((job, epoch), queue);
            _ = execution.RunAsync(() => SendAsync(job, epoch, queue));
        }
    }

    public async Task<SplitAnswer> RequestSplitAsync(
        JobEpoch epoch,
        ExecutionAttemptId attempt,
        OperatorId source,
        long checkpoint,
        CancellationToken cancellationToken)
    {
        long number = _splits.GetValueOrDefault((attempt, source));
        SplitRequest request = new(epoch, attempt, source, number, checkpoint);
        SplitAnswer answer = await AskAsync(
            attempt, job => job.RequestSplitAsync(request, cancellationToken), cancellationToken);
        if (answer.Kind == SplitAssignmentKind.Assigned)
        {
            _splits[(attempt, source)] = number + 1;
        }

        return answer;
    }

    public Task<long> AlignAsync(AlignmentReport report, CancellationToken cancellationToken) =>
        AskAsync(report.Attempt, job => job.AlignAsync(report, cancellationToken), cancellationToken);

    public void SlotLost(JobId job, JobEpoch epoch, ExecutionAttemptId attempt, int slot)
    {
        TimeSpan waited = options.Value.CancellationTimeout;
        TaskCancellationTimeoutException failure = new($"Subtask {attempt}", waited);
        logger.SlotLost(slot, attempt, waited);
        slots.GiveUp(slot, failure.Message);

        // For its job the subtask has ended: nothing it may still do counts.
        FailurePlace place = FailurePlace.Unknown with { Silo = silo.Name };
        Report(job, epoch, new TaskReport(attempt, ExecutionState.Canceled, FailureInfo.Of(failure, place), null));
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    // As long as the subtask lives and somebody may be in charge of its job.
    private async Task<T> AskAsync<T>(
        ExecutionAttemptId attempt, Func<IJobGrain, Task<T>> ask, CancellationToken cancellationToken)
    {
        for (int failures = 0; ;)
        {
            try
            {
                return await ask(grains.Job(attempt.Job));
            }
            catch (Exception exception) when (
                GrainCalls.MayHelpToRepeat(exception) && !cancellationToken.IsCancellationRequested)
            {
                failures++;
                logger.AnswerLate(exception, attempt, failures);
            }

            await execution.DelayAsync(GrainCalls.Backoff(failures), cancellationToken);
        }
    }

    private void ForgetSplits(ExecutionAttemptId attempt)
    {
        foreach ((ExecutionAttemptId Attempt, OperatorId Source) key in _splits.Keys)
        {
            if (key.Attempt == attempt)
            {
                _splits.TryRemove(key, out _);
            }
        }
    }

    private async Task SendAsync(JobId job, JobEpoch epoch, Queue<TaskReport> queue)
    {
        CancellationToken stopping = _stopping.Token;
        for (int failures = 0; !stopping.IsCancellationRequested;)
        {
            ImmutableArray<TaskReport> batch = Peek(job, epoch, queue);
            if (batch.IsEmpty)
            {
                return;
            }

            try
            {
                if (await TellAsync(job, new TaskReportBatch(epoch, silo.Address, batch), stopping))
                {
                    failures = 0;
                    Remove(queue, batch.Length);
                    continue;
                }

                failures++;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                failures++;
                logger.NotReported(exception, batch.Length, job, failures);
            }

            await Task.WhenAny(execution.DelayAsync(GrainCalls.Backoff(failures), stopping));
        }
    }

    // True when the job has taken or refused them.
    private async Task<bool> TellAsync(JobId job, TaskReportBatch batch, CancellationToken stopping)
    {
        try
        {
            ReportAnswer answer = await grains.Job(job).ReportAsync(batch, stopping);
            if (answer == ReportAnswer.NotWanted)
            {
                logger.NotWanted(batch.Reports.Length, job, batch.Epoch);
            }

            return answer != ReportAnswer.Later;
        }
        catch (Exception exception) when (exception is JobNotFoundException or JobRecordCorruptedException)
        {
            logger.NotWanted(batch.Reports.Length, job, batch.Epoch);
            return true;
        }
    }

    // A queue found empty is gone: the next report begins another.
    private ImmutableArray<TaskReport> Peek(JobId job, JobEpoch epoch, Queue<TaskReport> queue)
    {
        lock (_gate)
        {
            if (queue.Count == 0)
            {
                _queues.Remove((job, epoch));
            }

            return [.. queue.Take(MaxBatch)];
        }
    }

    private void Remove(Queue<TaskReport> queue, int count)
    {
        lock (_gate)
        {
            for (int i = 0; i < count; i++)
            {
                queue.Dequeue();
            }
        }
    }
}
