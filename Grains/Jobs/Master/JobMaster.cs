using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Statistics;
using Millrace.Checkpointing.Storage;
using Millrace.Jobs.Executions;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <summary>
/// Decides what a job does next. A plain class: each event is one step, which waits for nothing and says what is to be
/// done; what comes of that is told as further events.
/// </summary>
/// <remarks>Not thread-safe. Events may come in any order, late, twice or not at all where a process died.</remarks>
internal sealed partial class JobMaster
{
    // Of the network room, which this one may not know: a broken connection is seen before the silo is declared dead.
    private const string ConnectionLost = "Millrace.Network.SiloConnectionLostException";

    private readonly JobSubmission _submission;
    private readonly JobEpoch _epoch;
    private readonly JobOptions _options;
    private readonly TimeSpan _stopPatience;
    private readonly TimeProvider _time;
    private readonly ExecutionGraph _graph;
    private readonly JobHistory _history;
    private readonly RestartBackoff _backoff;
    private readonly HashSet<string> _deploying = [];
    private readonly int _lostPreparing;
    private readonly int _lostCommitting;
    private List<JobEffect> _effects = [];
    private readonly Queue<JobRecordChange> _writes = [];
    private OutcomeBuilder _results;
    private StageSchedule? _stages;
    private TimeSpan _rerunDelay;
    private int _reruns;
    private int _holds;
    private bool _writing;
    private JobOutcome? _outcome;
    private ImmutableArray<VertexDetails> _takenOver;
    private JobPhase _phase = JobPhase.New;
    private JobGoal _goal = JobGoal.Finish;
    private TimeSpan _restartDelay;
    private bool _preparing;
    private bool _prepared;
    private bool _hasPrepared;

    // The record says that it may be preparing; that of a new job does so from the beginning.
    private bool _isMarked;

    // The record says, or is about to, that it may be committing its outcome.
    private bool _isCommitting;
    private bool _requestingSlots;
    private bool _hasCommitters;
    private int _commits;
    private int _stops;

    /// <param name="submission">The job.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="options">How patient it is.</param>
    /// <param name="stopPatience">How long subtasks may take to stop before the job ends without them.</param>
    /// <param name="time">The clock.</param>
    public JobMaster(
        JobSubmission submission, JobStart start, JobOptions options, TimeSpan stopPatience, TimeProvider time)
    {
        _submission = submission;
        _epoch = start.Epoch;
        _options = options;
        _stopPatience = stopPatience;
        _time = time;
        _graph = new ExecutionGraph(submission.Job, submission.Graph, start.Attempt);
        _regions = PipelinedRegions.Of(submission.Graph);
        JobStatus first = start.IsTakeOver ? JobStatus.Reconciling : JobStatus.Initializing;
        _history = new JobHistory(time, options.MaxFailures, first, start.SubmittedAt);
        _backoff = RestartBackoff.Of(submission.Restart, start.Restarts);
        _results = new OutcomeBuilder(options.MaxReturnedBytes);
        _restored = start.From;
        _latest = start.IsTakeOver ? null : start.From;
        CheckpointSettings? settings = submission.Graph.Settings.Checkpoints;
        _log = new CheckpointLog(options.CheckpointHistory);
        _completed = new CompletedCheckpoints(
            settings?.Retained ?? options.RetainedCheckpoints, start.Checkpoints ?? []);
        _checkpoints = new CheckpointCoordinator(settings ?? OnDemand, _completed.Latest);
        Restarts = start.Restarts;
        _lostPreparing = start.LostPreparing;
        _lostCommitting = start.LostCommitting;
        _isMarked = !start.IsTakeOver;
        if (start.Savepoint is { } savepoint)
        {
            EndWith(savepoint);
        }

        _leftBehind.AddRange((start.OpenSavepoints ?? []).Where(one => one.Folder != start.Savepoint?.Folder));
    }

    public JobStatus Status => _history.Status;

    public int Restarts { get; private set; }

    /// <summary>Grows with every change of a status or state.</summary>
    public long Version => _history.Changes + _graph.Changes + _log.Changes + _savepoints.Changes;

    /// <summary>Whether subtasks may be processing.</summary>
    public bool IsRunning => _phase is JobPhase.Running or JobPhase.Stopping;

    /// <summary>Number of the present round.</summary>
    public int Round => _graph.Round;

    public ExecutionGraph Graph => _graph;

    /// <summary>All there is to show.</summary>
    public JobDetails Details() => JobView.Details(
        _submission,
        _epoch,
        _history,
        _takenOver.IsDefault ? JobView.Vertices(_graph) : _takenOver,
        _outcome?.Accumulators ?? _results.Accumulators,
        Restarts,
        Version) with
    {
        Checkpoints = IsPeriodic || _checkpoints.Overview.Latest is not null ? _checkpoints.Overview : null,
        RestoredFrom = _submission.Restore?.Path,
        Savepoint = _endsWith is { } savepoint ? SavepointLocation.Describe(savepoint.Folder) : null,
    };

    /// <summary>Takes counters of running subtasks; nothing depends on them.</summary>
    public void Observe(TaskMetrics metrics)
    {
        if (_graph.Find(metrics.Attempt) is { } execution && !execution.State.IsTerminal())
        {
            execution.Observe(metrics);
        }
    }

    /// <summary>One step.</summary>
    /// <returns>What is to be done, in this order.</returns>
    public IReadOnlyList<JobEffect> Step(JobEvent happened)
    {
        _effects = [];
        if (_phase != JobPhase.SteppedDown)
        {
            Take(happened);
            ContinueSavepoints();
        }

        return _effects;
    }

    private void Take(JobEvent happened)
    {
        switch (happened)
        {
            case JobEvent.Begun when _phase == JobPhase.New:
                Prepare(toCommit: false);
                break;
            case JobEvent.TakenOver takenOver when _phase == JobPhase.New:
                TakeOver(takenOver);
                break;
            case JobEvent.Reconciled when _phase == JobPhase.Reconciling:
                Reconciled();
                break;
            case JobEvent.Reported reported:
                Reported(reported.Report);
                break;
            case JobEvent.SiloLost lost:
                SiloLost(lost);
                break;
            case JobEvent.CancelAsked:
                CancelAsked();
                break;
            case JobEvent.Fenced:
                StepDown();
                break;
            case JobEvent.SavepointAsked asked:
                SavepointAsked(asked);
                break;
            case JobEvent.SavepointStored stored:
                SavepointStored(stored);
                break;
            case JobEvent.SavepointDiscarded discarded:
                SavepointDiscarded(discarded);
                break;
            case JobEvent.NotGoingOn still when _phase == JobPhase.Running:
                Fail(still.Failure);
                break;
            default:
                Outcome(happened);
                break;
        }
    }

    // What came of something the master had ordered.
    private void Outcome(JobEvent happened)
    {
        switch (happened)
        {
            case JobEvent.Prepared prepared when _preparing && prepared.Round == Round:
                Prepared(prepared.HasCommitters);
                break;
            case JobEvent.PreparationFailed failed when _preparing && failed.Round == Round:
                PreparationFailed(failed.Failure);
                break;
            case JobEvent.SlotsGranted granted:
                SlotsGranted(granted);
                break;
            case JobEvent.SlotsRefused refused when _requestingSlots && (refused.Round == Round || _stages is not null):
                _requestingSlots = false;
                Fail(refused.Failure);
                ContinueStopping();
                break;
            case JobEvent.Deployed deployed:
                Deployed(deployed.Order);
                break;
            case JobEvent.DeploymentFailed failed:
                DeploymentFailed(failed);
                break;
            case JobEvent.PartitionsMissing missing when _stages is not null:
                PartitionsMissing(missing);
                break;
            case JobEvent.StartFailed failed when _phase == JobPhase.Running:
                NotStarted(failed);
                break;
            case JobEvent.CoordinationFailed failed when failed.Round == Round && _phase == JobPhase.Running:
                Fail(failed.Failure);
                break;
            case JobEvent.RecordWritten written:
                RecordWritten(written.Step);
                break;
            case JobEvent.Committed when _phase == JobPhase.Committing:
                Committed();
                break;
            case JobEvent.CommitFailed failed when _phase == JobPhase.Committing:
                CommitFailed(failed.Failure);
                break;
            case JobEvent.Aborted aborted when _phase == JobPhase.Aborting && aborted.Round == Round:
                Aborted(aborted.Failure);
                break;
            case JobEvent.TimeUp up:
                TimeUp(up.Timer);
                break;
            default:
                CheckpointOutcome(happened);
                break;
        }
    }

    private bool Move(SubtaskExecution execution, ExecutionState to) =>
        _graph.TryMove(execution, to, _time.GetUtcNow());

    private void Become(JobStatus status)
    {
        if (status != Status)
        {
            _history.Become(status);
        }
    }

    private void SetTimer(JobTimerKind kind, int number, TimeSpan delay) =>
        Do(new JobEffect.SetTimer(new JobTimer(kind, number), delay));

    private void Do(JobEffect effect) => _effects.Add(effect);
}
