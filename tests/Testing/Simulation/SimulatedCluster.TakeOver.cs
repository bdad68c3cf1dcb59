using System.Collections.Immutable;
using Millrace.Checkpointing;
using Millrace.DataStream;
using Millrace.Failures;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Jobs.Master;

namespace Millrace.Simulation;

/// <content>Somebody else takes charge of the job.</content>
#pragma warning disable CA1001 // What it owns is given back at the end of Run.
internal sealed partial class SimulatedCluster
#pragma warning restore CA1001
{
    private JobRecordChange? _record;
    private SimulatedCluster? _after;
    private bool _hasBegun;

    /// <summary>The checkpoints that the job's record tells of, the latest one first.</summary>
    public ImmutableArray<RetainedCheckpoint> Recorded => _record?.Checkpoints ?? [];

    /// <summary>Another epoch takes the job over from its record, with silos of its own; the present one goes on, as
    /// a process does that was paused, until it finds out.</summary>
    public SimulatedCluster TakeOver()
    {
        JobStart start = new(
            _epoch.Next(),
            _simulation.Time.GetUtcNow(),
            IsTakeOver: true,
            (_record?.Attempt ?? 0) + 1,
            _record?.Restarts ?? 0,
            _record?.Checkpoints,
            From: null,
            _record?.Savepoint,
            _record?.OpenSavepoints);
        _after = new SimulatedCluster(_simulation, _submission, start, _programs, _shape, _silos.Count, this)
        {
            _record = _record,
        };
        return _after;
    }

    /// <summary>Asks the job to end.</summary>
    public void Cancel() => Tell(new JobEvent.CancelAsked());

    /// <summary>A silo dies; some time later that is known.</summary>
    public void Lose(SimulatedSilo silo)
    {
        silo.Lose(_job);
        _simulation.After(
            TimeSpan.FromMilliseconds(1 + _simulation.Next(2_000)),
            () => Tell(new JobEvent.SiloLost(silo.Address, silo.Name)));
    }

    /// <summary>Fails the job's present round.</summary>
    public void FailNow(string reason) => Tell(new JobEvent.CoordinationFailed(
        _master.Round, FailureInfo.Of(new InvalidOperationException(reason))));

    /// <summary>Runs the job until something holds, or it has ended.</summary>
    public void RunUntil(Func<bool> condition)
    {
        BeginOnce();
        _simulation.RunUntil(() => condition() || _master.Status.IsTerminal());
    }

    private void BeginOnce()
    {
        if (_hasBegun)
        {
            return;
        }

        _hasBegun = true;
        if (_before is null)
        {
            Tell(new JobEvent.Begun());
            return;
        }

        Tell(new JobEvent.TakenOver(
            FailureInfo.Of(new JobGrainLostException("the silo before")),
            _record?.Outcome,
            _record?.Details,
            _record?.Failure));
    }

    private static JobSubmission SubmissionOf(
        SimulatedExecution simulation,
        int parallelism,
        Action<StreamExecutionEnvironment> define,
        ExchangeKind exchange)
    {
        StreamExecutionEnvironment environment = new StreamExecutionEnvironment().SetBatchExchange(exchange);
        define(environment);
        return new JobSubmission(
            new JobId(Id128.Of(simulation.NewId())),
            new ProgramReference(ProgramKind.InProcess, "simulated", "simulated"),
            [],
            JobCompiler.Compile(environment, "simulated", parallelism),
            environment.RestartStrategy ?? RestartSettings.None);
    }

    // Each says of the record before it what it was: one that finds another epoch's is not in charge any more.
    private void Write(JobRecordChange change) => Later(() =>
    {
        if (_after is not null)
        {
            Tell(new JobEvent.Fenced());
            return;
        }

        _record = change;
        Outcome = change.Outcome;
        Failure = change.Failure;
        Later(() => Tell(new JobEvent.RecordWritten(change.Step)));
    });

    private void Reconcile()
    {
        bool isClear = true;
        foreach (SimulatedSilo silo in _before!._silos.Where(silo => !silo.IsLost))
        {
            silo.Host.Cancel(_job, _epoch, [.. silo.Host.Running().Select(task => task.Attempt)]);
            isClear &= silo.Host.Running().Count == 0;
        }

        if (isClear)
        {
            Tell(new JobEvent.Reconciled());
            return;
        }

        _simulation.After(TimeSpan.FromMilliseconds(50), Reconcile);
    }
}
