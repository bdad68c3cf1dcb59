using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Millrace.Jobs.Master;
using Millrace.Failures;
using Millrace.Graph;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace.Jobs;

/// <summary>Silos, slots, sinks and a job record as far as a job master can tell, all answers in an order drawn from a
/// seed; and what must never happen, checked at every step.</summary>
internal sealed partial class ScriptedCluster
{
    private readonly Random _random;
    private readonly JobSubmission _submission;
    private readonly JobOptions _options = new() { CommitAttempts = 3 };
    private readonly FakeTimeProvider _time = new();
    private readonly List<(string What, Action Happen)> _pending = [];
    private readonly Dictionary<string, ScriptedSilo> _silos = [];
    private readonly HashSet<(string Silo, int Slot)> _slots = [];
    private readonly List<string> _log = [];
    private readonly List<int> _committed = [];
    private readonly Troubles _troubles;
    private JobMaster _master;
    private JobRecordChange? _record;
    private JobEpoch _epoch = new(1);
    private readonly Dictionary<(VertexId Vertex, int Subtask), int> _deployed = [];
    private readonly HashSet<int> _concerned = [];
    private int _troublesLeft;
    private bool _preparedNow;
    private bool _hasGivenUp;
    private readonly bool _isRegional;
    private bool _done;

    public ScriptedCluster(int seed, JobSubmission submission, int silos, Troubles troubles)
    {
        _random = new Random(seed);
        _submission = submission;
        _troubles = troubles;
        _troublesLeft = troubles.Count;
        _isRegional = submission.Graph.Edges.All(edge => edge.Partitioner == PartitionerKind.Forward);
        for (int i = 0; i < silos; i++)
        {
            _silos.Add($"silo{i}", new ScriptedSilo());
        }

        _master = NewMaster(new JobStart(_epoch, _time.GetUtcNow()));
        Post(new JobEvent.Begun());
    }

    public JobStatus Status => _master.Status;

    /// <summary>Rounds of attempts whose results were made visible; several entries are repetitions.</summary>
    public IReadOnlyList<int> Committed => _committed;

    public int SlotsHeld => _slots.Count;

    /// <summary>How often regions ran again while others went on.</summary>
    public int RegionRestarts { get; private set; }

    /// <summary>Subtasks that still stand on a silo that is alive.</summary>
    public int Left => _silos.Values
        .Where(silo => silo.IsAlive)
        .Sum(silo => silo.Tasks.Values.Count(stage => stage != TaskStage.Ended));

    public JobDetails Details => _master.Details();

    public string Log => string.Join('\n', _log);

    /// <summary>Lets things happen until the job has ended.</summary>
    public void Run()
    {
        for (int steps = 0; !_done; steps++)
        {
            Require(steps < 5_000, "the job does not end");
            if (_troublesLeft > 0 && _random.Next(12) == 0)
            {
                _troublesLeft--;
                MakeTrouble();
                continue;
            }

            Require(_pending.Count > 0, "nothing is left to happen, and the job has not ended");
            int index = _random.Next(_pending.Count);
            (string what, Action happen) = _pending[index];

            // Stopping in time is the rule; giving up is the exception.
            if (what == "stop timer" && _pending.Count > 1 && _random.Next(30) > 0)
            {
                continue;
            }

            _pending.RemoveAt(index);
            _log.Add($"-- {what}");
            happen();
        }

        while (_pending.Count > 0)
        {
            (string what, Action happen) = _pending[0];
            _pending.RemoveAt(0);
            _log.Add($"-- after the end: {what}");
            happen();
        }
    }

    private JobMaster NewMaster(JobStart start) =>
        new(_submission, start, _options, TimeSpan.FromMinutes(1), _time);

    private void MakeTrouble()
    {
        switch (_random.Next(6))
        {
            case 0 when _troubles.Cancel:
                Post(new JobEvent.CancelAsked());
                break;
            case 1 when _troubles.LoseSilos && _silos.Values.Count(silo => silo.IsAlive) > 1:
                LoseSilo();
                break;
            case 2 when _troubles.FailTasks:
                FailTask();
                break;
            case 3 when _troubles.LoseMaster:
                LoseMaster();
                break;
            case 4:
                // Something of long ago, and something of somebody else.
                Post(new JobEvent.Reported(new TaskReport(
                    Attempt("source", 0, _master.Round - 1), ExecutionState.Failed, null, null)));
                Post(new JobEvent.Reported(new TaskReport(
                    Attempt("sink", 99, _master.Round), ExecutionState.Finished, null, null)));
                break;
            default:
                Post(new JobEvent.CoordinationFailed(_master.Round - 1, Failure("stale")));
                break;
        }
    }

    private void LoseSilo()
    {
        string name = Any(_silos.Where(silo => silo.Value.IsAlive).Select(silo => silo.Key));
        _silos[name].Lose();
        _slots.RemoveWhere(slot => slot.Silo == name);
        Later($"{name} declared dead", () => Post(new JobEvent.SiloLost(name, name)));
    }

    private void FailTask()
    {
        var running = _silos.Values
            .SelectMany(silo => silo.Tasks)
            .Where(task => task.Value == TaskStage.Running)
            .ToList();
        if (running.Count > 0)
        {
            ExecutionAttemptId attempt = Any(running.Select(task => task.Key));
            End(attempt, new TaskReport(attempt, ExecutionState.Failed, Failure("user error"), null));
        }
    }

    // The grain dies: what it ordered goes on, what it would have heard is lost, and another begins from the record.
    private void LoseMaster()
    {
        _log.Add("-- the job grain dies");
        JobMaster old = _master;
        _pending.RemoveAll(entry => entry.What.StartsWith("answer", StringComparison.Ordinal)
            || entry.What.EndsWith("timer", StringComparison.Ordinal));
        _epoch = _epoch.Next();
        _preparedNow = false;
        _master = NewMaster(new JobStart(
            _epoch, _time.GetUtcNow(), IsTakeOver: true, (_record?.Attempt ?? 0) + 1, _record?.Restarts ?? 0));
        Require(old.Step(new JobEvent.Fenced()).Any(effect => effect is JobEffect.StepDown) || old.Status.IsTerminal(),
            "a fenced master goes on");
        Post(new JobEvent.TakenOver(
            Failure("job grain lost"), _record?.Outcome, _record?.Details, _record?.Failure));
    }

    private void Post(JobEvent happened)
    {
        _log.Add($"{happened}");
        JobStatus before = _master.Status;
        Concern(happened);
        IReadOnlyList<JobEffect> effects = _master.Step(happened);
        Require(before == _master.Status || before.MayBecome(_master.Status) || PassesThrough(before, _master.Status),
            $"{before} became {_master.Status}");
        foreach (JobEffect effect in effects)
        {
            _log.Add($"   => {effect}");
            Do(effect);
        }
    }

    // Of a plan whose subtasks of one number make a region each: who may be told to stop while the rest goes on.
    private void Concern(JobEvent happened) => _concerned.UnionWith(happened switch
    {
        JobEvent.Reported { Report: { State: ExecutionState.Failed or ExecutionState.Canceled } report } =>
            [report.Attempt.Subtask],
        JobEvent.DeploymentFailed failed => failed.Order.Attempts.Select(attempt => attempt.Subtask),
        JobEvent.StartFailed failed => failed.Attempts.Select(attempt => attempt.Subtask),
        JobEvent.SiloLost lost => _silos[lost.Silo].Tasks.Keys.Select(attempt => attempt.Subtask),
        _ => [],
    });

    // Two changes in one step.
    private static bool PassesThrough(JobStatus from, JobStatus to) =>
        Enum.GetValues<JobStatus>().Any(middle => from.MayBecome(middle) && middle.MayBecome(to));

    private void Do(JobEffect effect)
    {
        switch (effect)
        {
            case JobEffect.Reconcile:
                Later("answer to reconcile", Reconcile);
                break;
            case JobEffect.Prepare prepare:
                Later("answer to prepare", () => Prepare(prepare));
                break;
            case JobEffect.RequestSlots request:
                Later("answer to slots", () => Grant(request));
                break;
            case JobEffect.Deploy deploy:
                Deploy(deploy);
                break;
            case JobEffect.Start start:
                Later("start arrives", () => Start(start));
                break;
            case JobEffect.Cancel cancel:
                Require(
                    !_isRegional
                        || Status != JobStatus.Running
                        || cancel.Attempts.All(one => _concerned.Contains(one.Subtask)),
                    "a subtask is stopped that nothing has happened to");
                Later("cancel arrives", () => Cancel(cancel));
                break;
            case JobEffect.ReleaseSlots:
                JobEpoch releasing = _epoch;
                Later("release arrives", () => Release(releasing));
                break;
            case JobEffect.Write write:
                Later("answer to write", () => Write(write.Change));
                break;
            case JobEffect.Commit commit:
                Later("answer to commit", () => Commit(commit));
                break;
            case JobEffect.Abort abort:
                Later("answer to abort", () => Abort(abort));
                break;
            case JobEffect.SetTimer timer:
                string kind = timer.Timer.Kind is JobTimerKind.Stop or JobTimerKind.Retire ? "stop" : "other";
                Later($"{kind} timer", () =>
                {
                    _hasGivenUp |= kind == "stop";
                    Post(new JobEvent.TimeUp(timer.Timer));
                });
                break;
            case JobEffect.NoteRestart:
                RegionRestarts++;
                break;
            case JobEffect.End:
                _done = true;
                break;
            default:
                break;
        }
    }

    private void Reconcile()
    {
        foreach (ScriptedSilo silo in _silos.Values)
        {
            silo.Clear();
        }

        _slots.Clear();
        _pending.RemoveAll(entry => entry.What is "report" or "start arrives" or "cancel arrives" or "deploy arrives");
        Post(new JobEvent.Reconciled());
    }

    private void Prepare(JobEffect.Prepare prepare)
    {
        if (_troubles.FailPreparation && _random.Next(8) == 0)
        {
            Post(new JobEvent.PreparationFailed(prepare.Round, Failure("no input")));
            return;
        }

        _preparedNow = true;
        Post(new JobEvent.Prepared(prepare.Round, _troubles.HasCommitters));
    }

    private void Grant(JobEffect.RequestSlots request)
    {
        string[] alive = [.. _silos.Where(silo => silo.Value.IsAlive).Select(silo => silo.Key)];
        if (_troubles.RefuseSlots && _random.Next(6) == 0)
        {
            Post(new JobEvent.SlotsRefused(request.Round, Failure("no slots")));
            return;
        }

        int count = request.Demand.Sum(demand => demand.Slots);
        ImmutableArray<GrantedSlot> granted =
        [
            .. Enumerable.Range(0, count).Select(i => new GrantedSlot(
                new SiloEndpoint(alive[i % alive.Length], "x:1"), alive[i % alive.Length], i / alive.Length)),
        ];
        _slots.UnionWith(granted.Select(slot => (slot.SiloName, slot.Index)));
        Post(new JobEvent.SlotsGranted(request.Round, granted));
    }

    private static TaskReport Finished(ExecutionAttemptId attempt) => new(
        attempt,
        ExecutionState.Finished,
        null,
        new TaskResult(
            [],
            attempt.Vertex == Plans.VertexOf("sink")
                ? [new OperatorCommittables(
                    Plans.OperatorIdOf("sink"), [[(byte)attempt.Attempt, (byte)attempt.Subtask]])]
                : [],
            []));

    private static ExecutionAttemptId Attempt(string vertex, int subtask, int attempt) =>
        new(Plans.Job, Plans.VertexOf(vertex), subtask, attempt);

    private static FailureInfo Failure(string text) =>
        FailureInfo.Of(new IOException(text));

    private T Any<T>(IEnumerable<T> items)
    {
        T[] all = [.. items];
        return all[_random.Next(all.Length)];
    }

    private void Later(string what, Action happen) => _pending.Add((what, happen));

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            string log = string.Join('\n', _log.TakeLast(60));
            Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{otherwise}; status {_master.Status}\n{log}"));
        }
    }
}
