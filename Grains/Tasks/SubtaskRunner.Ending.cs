using Millrace.Execution;
using Millrace.Failures;
using Millrace.Operators.Sources;

namespace Millrace.Tasks;

/// <content>How a subtask ends: by itself, by a failure, or because it is told to.</content>
internal sealed partial class SubtaskRunner
{
    private void Finish()
    {
        _result = Chain.ResultOf(Info.Attempt.Subtask, _accumulators, _former.Result);
        Close(ExecutionState.Finished);

        // Nothing it has started is needed any more: a fetcher that waits, a wake-up that is due in an hour.
        RequestStop();
    }

    private void Fail(Exception exception)
    {
        // A subtask that was told to stop may trip over what is being torn down; that is no news.
        if (State == ExecutionState.Canceling || _failure is not null)
        {
            return;
        }

        // A function that watches its token throws before the mail that stops the subtask is read.
        if (_cancelAsked && exception is OperationCanceledException)
        {
            Close(ExecutionState.Canceling);
            return;
        }

        (string? at, string? position) = _chain?.Describe(exception) ?? (null, null);
        _failure = FailureInfo.Of(exception, new FailurePlace(
            Info.Vertex.Name, at, Info.Attempt.Subtask, Info.Vertex.Parallelism, position, Info.Silo));
        _lostPartition = (exception as PartitionLostException)?.Partition;
        _result = null;
        RequestStop();
        Failing?.Invoke(this);
        Close(ExecutionState.Failed);
    }

    // Callbacks of the token are user code: not on the thread of whoever asks.
    private void RequestStop() => _work.Run(_ =>
    {
        _stop.Cancel();
        return ValueTask.CompletedTask;
    });

    private void FailFromOutside(Exception exception) => Post(() => Fail(exception));

    private void Close(ExecutionState state)
    {
        SetState(state);
        if (_closing)
        {
            return;
        }

        _closing = true;
        _checkpoints.Dispose();
        try
        {
            _chain?.Dispose();
        }
        catch (AggregateException exception) when (state == ExecutionState.Finished)
        {
            Fail(exception.InnerExceptions[0]);
        }
        catch (AggregateException)
        {
            // The failure that closes the subtask, or the request to, is what counts.
        }
    }

    // Done when the work it started has ended too: only then nothing of it is left.
    private LoopStatus End()
    {
        if (_work.IsRunning)
        {
            return Wait(HeadStatus.Idle);
        }

        // Work that failed put that into the mail before it ended.
        if (!_mailbox.IsEmpty)
        {
            return LoopStatus.Ready;
        }

        if (State == ExecutionState.Canceling)
        {
            SetState(ExecutionState.Canceled);
        }

        _times.End();
        _hasEnded = true;
        if (!_abandoned)
        {
            Report(_failure, _result, Meter?.ReadLast());
        }

        return LoopStatus.Done;
    }

    private void Report(FailureInfo? failure, TaskResult? result, TaskMetrics? last = null) => _reporter.Report(
        Info.Attempt.Job, Info.Epoch, new TaskReport(Info.Attempt, State, failure, result, last, _lostPartition));

    private void SetState(ExecutionState state) => Volatile.Write(ref _state, (int)state);
}
