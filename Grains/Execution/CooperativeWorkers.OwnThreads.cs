using Millrace.Execution.Blocking;

namespace Millrace.Execution;

/// <summary>The part about loops that keep the thread they blocked.</summary>
internal sealed partial class CooperativeWorkers
{
    /// <summary>Rounds below half the blocking limit, in a row, after which a loop gives up its own thread.</summary>
    private const int CalmRounds = 500;

    /// <summary>A loop that waits this many times the blocking limit gives up its own thread.</summary>
    private const int IdleLimits = 100;

    /// <summary>A loop that is ahead of the others is held back for this many times the blocking limit at most: then it
    /// runs a round all the same, in which it takes its mail.</summary>
    private const int HeldLimits = 10;

    /// <summary>Rounds that loops ran although others were still to have their turn, because they had been held back
    /// for so long. Under the workers' lock.</summary>
    public long Impatient { get; private set; }

    // The loop blocked this thread once; it may block it again without harm to the others.
    private void KeepOwnThread(Worker worker, WorkerLoop loop, LoopStatus status)
    {
        int calm = 0;
        SemaphoreSlim signal = loop.OwnThreadSignal!;
        while (status != LoopStatus.Done && !_stopped)
        {
            bool isIdle = status == LoopStatus.Waiting && !signal.Wait(_options.BlockedAfter * IdleLimits);
            if (!isIdle)
            {
                // The wake-up is taken: from here on a round is owed, whichever thread is to run it.
                status = LoopStatus.Ready;
            }

            if (isIdle || calm >= CalmRounds)
            {
                GiveUpOwnThread(loop, signal, status);
                return;
            }

            WaitForOthers(loop, signal);
            if (_stopped)
            {
                return;
            }

            status = RunOnOwnThread(worker, loop, out bool isCalm);
            calm = isCalm ? calm + 1 : 0;
        }
    }

    private LoopStatus RunOnOwnThread(Worker worker, WorkerLoop loop, out bool isCalm)
    {
        long started = _time.GetTimestamp();
        worker.Meter.Restart();
        LoopStatus status = RunRound(worker, loop);
        long used = worker.Meter.Lap();
        loop.AddBusy(used);
        long ended = _time.GetTimestamp();
        lock (_lock)
        {
            End(worker, loop, status, used);
            OwnThreads.Ran(loop, used, _time.GetElapsedTime(started, ended));
            LetOthersGoOn();
        }

        isCalm = ended - started < _blockedTicks / 2;
        return status;
    }

    // Others may want the processors, and have had less of them: between two rounds the loop waits for them.
    private void WaitForOthers(WorkerLoop loop, SemaphoreSlim signal)
    {
        lock (_lock)
        {
            if (_stopped || _ownThreads.MayRun(loop))
            {
                return;
            }
        }

        if (signal.Wait(_options.BlockedAfter * HeldLimits))
        {
            return;
        }

        lock (_lock)
        {
            if (_ownThreads.StopHolding(loop))
            {
                Impatient++;
                return;
            }
        }

        // It was let go on just then: that release is taken, as the next one is to mean a wake-up.
        signal.Wait();
    }

    // Under the lock.
    private void LetOthersGoOn()
    {
        if (_ownThreads.Held > 0)
        {
            _ownThreads.LetGoOn();
        }
    }

    private void GiveUpOwnThread(WorkerLoop loop, SemaphoreSlim signal, LoopStatus status)
    {
        lock (_lock)
        {
            loop.OwnThreadSignal = null;
            _ownThreads.Remove(loop);

            // It may have been woken while its patience ended.
            if (status == LoopStatus.Waiting && signal.CurrentCount == 0)
            {
                return;
            }

            _schedule.Wake(loop);
        }

        _queued.Release();
    }
}
