using Millrace.Checkpointing;
using Millrace.Connectors;
using Millrace.Execution;
using Millrace.Failures;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Operators;
using Millrace.Operators.Sources;
using Millrace.Tasks.Checkpointing;
using Millrace.Tasks.Metering;

namespace Millrace.Tasks;

/// <summary>The loop of one subtask attempt: mail, input, chain, outputs, one after the other.</summary>
/// <remarks>
/// Everything in the chain happens in <see cref="RunRound"/>. Other threads put mail in and wake the loop. Life:
/// built, started, processing, then closing (finished, failed or told to stop), then done; what it came to is reported
/// once.
/// </remarks>
#pragma warning disable CA1001 // The token source holds no timer: nothing to dispose; late cancellation is harmless.
internal sealed partial class SubtaskRunner : ILoop, ISubtaskLoop
#pragma warning restore CA1001
{
    private readonly IExecution _execution;
    private readonly ITaskReporter _reporter;
    private readonly TaskMailbox _mailbox = new();
    private readonly SubtaskAccumulators _accumulators = new();
    private readonly SubtaskWork _work;
    private readonly SubtaskCheckpoints _checkpoints;
    private readonly SubtaskTimes _times;
    private readonly ReadingTime _reading;
    private readonly CancellationTokenSource _stop = new();
    private readonly long _bufferTimeoutTicks;
    private OperatorChain? _chain;
    private SubtaskMeter? _meter;
    private LoopHandle? _handle;
    private FailureInfo? _failure;
    private TaskResult? _result;
    private FormerResult _former;
    private PartitionId? _lostPartition;
    private int _state = (int)ExecutionState.Deploying;
    private long _flushed;
    private bool _opened;
    private bool _closing;
    private volatile bool _abandoned;
    private volatile bool _hasEnded;
    private volatile bool _cancelAsked;
    private int _started;

    public SubtaskRunner(SubtaskInfo info, RoundClock clock, JobSettings settings, TaskHostEnvironment environment)
    {
        Info = info;
        Clock = clock;
        _execution = environment.Execution;
        _reporter = environment.Reporter;
        _times = new SubtaskTimes(clock, Time);
        _reading = new ReadingTime(clock);
        _work = new SubtaskWork(_execution, Wake, FailFromOutside, _stop.Token);
        _checkpoints = new SubtaskCheckpoints(info, settings.Checkpoints, clock, environment, _work);
        _bufferTimeoutTicks = (long)(settings.BufferTimeout.TotalSeconds * Time.TimestampFrequency);
    }

    public string Name => $"{Info.JobName} {Info.Name}";

    public string? Operator => _chain?.Failure.AtWork?.WorkName;

    public SubtaskInfo Info { get; }

    public TimeProvider Time => _execution.Time;

    public long ReadingTicks => _reading.Ticks;

    public CancellationToken CancellationToken => _stop.Token;

    public RoundClock Clock { get; }

    /// <summary>Where its input is cut for a checkpoint.</summary>
    public CheckpointCut Cut => _checkpoints.Cut;

    /// <summary>The state it is in; read from any thread.</summary>
    public ExecutionState State => (ExecutionState)Volatile.Read(ref _state);

    /// <summary>Why it failed, once it has.</summary>
    public FailureInfo? Failure => Volatile.Read(ref _failure);

    /// <summary>Told once, on the loop, when it begins to end early; it has the cancellation timeout.</summary>
    public Action<SubtaskRunner>? Failing { get; init; }

    /// <summary>Whether nothing of it is left but its report.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Ends when the subtask has ended and everything it held is given back.</summary>
    public Task Completion => Handle.Completion;

    /// <summary>Processor time its loop has used, in nanoseconds.</summary>
    public long ProcessorNanoseconds => Handle.BusyNanoseconds;

    private LoopHandle Handle => _handle ?? throw new InvalidOperationException($"{Name} has no loop yet.");

    /// <summary>What it shows of itself, once it has a chain.</summary>
    public SubtaskMeter? Meter => Volatile.Read(ref _meter);

    private OperatorChain Chain => _chain ?? throw new InvalidOperationException($"{Name} has no chain yet.");

    /// <summary>Whether some of its operators go on from what all subtasks of its vertex had left.</summary>
    public bool SharesItems => Chain.Steps.Any(static step => step.SharesItems);

    /// <summary>Gives the loop to the workers, to be woken; it does nothing before it is started or stopped.</summary>
    public void Register() => _handle = _execution.StartLoop(this, new LoopShare(Info.Attempt.Job.ToString()));

    /// <summary>Completes the construction: the chain was built with this loop.</summary>
    public void Attach(OperatorChain chain)
    {
        _chain = chain;
        Volatile.Write(ref _meter, new SubtaskMeter(this, chain, _mailbox, _times));
        SetState(ExecutionState.Initializing);
    }

    /// <summary>Before it is started: it goes on from what was left in a checkpoint.</summary>
    public void Restore(RestoredTasks restored)
    {
        _former = restored.Restore(Info, Chain);
        _checkpoints.Former = _former.Result;
    }

    /// <summary>Ends a subtask whose deployment failed. Nothing is reported.</summary>
    public void Abandon()
    {
        _abandoned = true;
        Cancel();
    }

    /// <summary>Connects, opens the functions and begins to process. Said again, it changes nothing: an order whose
    /// answer was lost is repeated.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _started, 1) == 0)
        {
            _work.Run(ConnectAndOpenAsync);
        }
    }

    /// <summary>Begins a checkpoint with this subtask, a source that has been opened.</summary>
    public void TriggerCheckpoint(long checkpoint, SavepointOrder? savepoint) => Post(() =>
    {
        if (_opened && !_closing)
        {
            _checkpoints.Trigger(Chain, checkpoint, savepoint);
        }
    });

    /// <summary>Says which checkpoint is complete, and up to which they are over.</summary>
    public void NotifyCheckpoint(long completed, long ended) => Post(() =>
    {
        if (_opened && !_closing)
        {
            _checkpoints.Ended(Chain, completed, ended);
        }
    });

    /// <summary>Tells the subtask to end early.</summary>
    public void Cancel()
    {
        _cancelAsked = true;
        RequestStop();
        Post(() => Close(ExecutionState.Canceling));
    }

    public void Wake() => Handle.Wake();

    public void WakeAfter(TimeSpan delay) => _work.WakeAfter(delay);

    public Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        _execution.DelayAsync(delay, cancellationToken);

    public void Post(Action mail)
    {
        _mailbox.Put(mail);
        Wake();
    }

    public void Run(Func<CancellationToken, ValueTask> work) => _work.Run(work);

    public void RunBlocking(string name, Action<CancellationToken> work) => _work.RunBlocking(name, work);

    public Task<SplitAnswer> RequestSplitAsync(string sourceOperatorId, CancellationToken cancellationToken) =>
        _reporter.RequestSplitAsync(
            Info.Epoch, Info.Attempt, OperatorId.Parse(sourceOperatorId), Cut.LastMade, cancellationToken);

    public Task<long> AlignAsync(
        string sourceOperatorId, string group, long watermark, CancellationToken cancellationToken) =>
        _reporter.AlignAsync(
            new AlignmentReport(
                Info.Epoch, Info.Attempt, OperatorId.Parse(sourceOperatorId), group, watermark),
            cancellationToken);

    public LoopStatus RunRound()
    {
        _times.RoundBegins();
        _reading.RoundBegins();
        try
        {
            _mailbox.RunAll();
            if (!_closing)
            {
                return _opened ? Process() : LoopStatus.Waiting;
            }
        }
#pragma warning disable CA1031 // Whatever user code throws becomes the subtask's failure.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception);
        }

        return End();
    }

    /// <summary>Its figures; from any thread, once it has a chain.</summary>
    public TaskMetrics Metrics() =>
        Meter?.Read() ?? throw new InvalidOperationException($"{Name} has no chain yet.");

    private async ValueTask ConnectAndOpenAsync(CancellationToken token)
    {
        await Chain.ConnectAsync(onlyEnds: _former.IsEnd, token);
        Post(Open);
    }

    private void Open()
    {
        if (_closing)
        {
            return;
        }

        if (_former.IsEnd)
        {
            FinishAgain();
            return;
        }

        Chain.Open(name => new SubtaskRuntimeContext(Info, name, _accumulators, Time, _stop.Token));
        _opened = true;
        _times.Begin();
        SetState(ExecutionState.Running);
        Report(null, null);
    }

    // It had finished before its job was restarted: its consumers are told so again, and nothing of it runs.
    private void FinishAgain()
    {
        Chain.EmitEnd();
        SetState(ExecutionState.Running);
        Report(null, null);
        _result = _former.Result ?? TaskResult.Nothing;
        Close(ExecutionState.Finished);
        RequestStop();
    }

    private LoopStatus Process()
    {
        bool isCut = _checkpoints.Step(Chain);
        if (Cut.IsHalted)
        {
            // Nothing is behind this cut: no record, no timer, no answer, until the job stops or goes on.
            return Wait(HeadStatus.Idle);
        }

        HeadStatus status = isCut && Chain.Resume() ? _reading.Run(Chain.Head) : HeadStatus.Backpressured;
        Chain.EndRound();
        if (Chain.IsFinished)
        {
            if (!Chain.IsComplete || _checkpoints.IsBusy)
            {
                _checkpoints.TellEnding(Chain);
                return Wait(HeadStatus.Backpressured);
            }

            Finish();
            return End();
        }

        _checkpoints.TellEnding(Chain);
        if (!Chain.IsDrained)
        {
            status = HeadStatus.Backpressured;
        }

        _reading.RoundEnds(status is HeadStatus.Ready or HeadStatus.Idle);

        // What was stopped by the end of the round goes on in the next one, and so does a cut.
        bool isStopped = Clock.IsOver && status is HeadStatus.Backpressured;
        status = isStopped || (isCut && _checkpoints.IsDue(Chain)) ? HeadStatus.Ready : status;
        Flush(status);
        _times.RoundEnds(status);
        return status == HeadStatus.Ready ? LoopStatus.Ready : LoopStatus.Waiting;
    }

    private LoopStatus Wait(HeadStatus status)
    {
        _times.RoundEnds(status);
        return LoopStatus.Waiting;
    }

    // Full batches under load; no record waits longer than the buffer timeout, none when there is nothing else to do.
    private void Flush(HeadStatus status)
    {
        if (status != HeadStatus.Ready || Clock.Last - _flushed >= _bufferTimeoutTicks)
        {
            Chain.FlushPartial();
            _flushed = Clock.Last;
        }
    }
}
