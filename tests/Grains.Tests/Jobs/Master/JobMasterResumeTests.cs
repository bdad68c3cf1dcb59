using Microsoft.Extensions.Time.Testing;
using Millrace.Checkpointing;
using Millrace.Failures;
using Millrace.Graph;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <summary>Steps of a job master whose job goes on from something, and again and again.</summary>
[TestClass]
public sealed class JobMasterResumeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<JobEffect> _effects = [];
    private JobMaster _master = null!;

    // Whoever uses the results may have moved them: they are not looked at again.
    [TestMethod]
    public void What_a_savepoint_commits_is_committed_once_however_often_its_job_begins_anew()
    {
        Begin(new CheckpointMetadata(
            Plans.Job,
            "before",
            0,
            new JobEpoch(4),
            _time.GetUtcNow(),
            [],
            [],
            [new OperatorCommittables(Plans.OperatorIdOf("sink"), [[1, 2, 3]])]));
        Assert.HasCount(1, Last<JobEffect.Prepare>().From!.Committables.ToArray());
        Run(round: 0);
        Assert.IsEmpty(_effects.OfType<JobEffect.MarkCommitted>(), "it is no checkpoint of the job's own");

        Restart();

        Assert.IsEmpty(Last<JobEffect.Prepare>().From!.Committables.ToArray());
    }

    // The job has completed another one since: it stops for something else, and hears of the damage then.
    [TestMethod]
    public void Damage_that_is_heard_of_while_the_job_stops_is_that_of_the_checkpoint_that_was_read()
    {
        Begin(from: null);
        Run(round: 0);
        Complete(1);
        Restart();
        Run(round: 1);
        Complete(2);
        ExecutionAttemptId[] attempts = Attempts();
        Post(new JobEvent.CoordinationFailed(1, FailureInfo.Of(new IOException("something else"))));
        Post(new JobEvent.Reported(new TaskReport(
            attempts[0],
            ExecutionState.Failed,
            FailureInfo.Of(new CheckpointCorruptedException("a file of 1", "it is bad.")) with { IsOfRestore = true },
            null)));
        Post(new JobEvent.Reported(new TaskReport(attempts[1], ExecutionState.Canceled, null, null)));
        Resume();

        Assert.IsEmpty(_effects.OfType<JobEffect.NoteCheckpoint>().Select(static note => note.Note)
            .OfType<CheckpointNote.Damaged>());
        Assert.AreEqual(2, Last<JobEffect.Prepare>().From!.Number);
        Assert.AreEqual(2, _master.Details().Checkpoints!.Latest!.Number);
    }

    // Two subtasks that read the same one find the same damage: it is passed over once.
    [TestMethod]
    public void The_same_damage_told_twice_passes_over_one_checkpoint()
    {
        Begin(from: null);
        Run(round: 0);
        Complete(1);
        Complete(2);
        Restart();
        Run(round: 1);
        FailureInfo damage =
            FailureInfo.Of(new CheckpointCorruptedException("a file of 2", "it is bad.")) with { IsOfRestore = true };
        foreach (ExecutionAttemptId attempt in Attempts())
        {
            Post(new JobEvent.Reported(new TaskReport(attempt, ExecutionState.Failed, damage, null)));
        }

        Resume();

        Assert.AreEqual(2, _effects.OfType<JobEffect.NoteCheckpoint>().Select(static note => note.Note)
            .OfType<CheckpointNote.Damaged>().Single().Number);
        Assert.AreEqual(1, _effects.OfType<JobEffect.ReadCheckpoint>().Last().Checkpoint.Number);
    }

    // It may be written when all else of its checkpoint is gone: then what is there is looked through.
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_note_of_a_commit_that_may_come_late_is_looked_for_behind_the_next_checkpoint(bool mayComeLate)
    {
        Begin(from: null);
        Run(round: 0);
        Complete(1, commits: true);
        Post(new JobEvent.CheckpointCommitted(1, null));
        Post(new JobEvent.CommitMarked(Taken<JobEffect.MarkCommitted>().Single().Checkpoint, mayComeLate));
        Complete(2);

        Assert.AreEqual(
            mayComeLate,
            _effects.OfType<JobEffect.CleanCheckpoints>().Any(static clean => clean.Garbage.Keep is not null));
    }

    private void Begin(CheckpointMetadata? from)
    {
        JobGraph graph = Plans.TwoStages(1, 1);
        graph = graph with
        {
            Settings = graph.Settings with
            {
                Checkpoints = new CheckpointSettings(TimeSpan.FromSeconds(1))
                {
                    Retained = 3,
                    Fallback = CheckpointFallback.Always,
                },
            },
        };
        _master = new JobMaster(
            Plans.Submission(graph, RestartSettings.FixedDelay(9, TimeSpan.FromSeconds(1))),
            new JobStart(new JobEpoch(5), _time.GetUtcNow(), From: from),
            new JobOptions(),
            TimeSpan.FromMinutes(1),
            _time);
        Post(new JobEvent.Begun());
    }

    private void Run(int round)
    {
        Post(new JobEvent.Prepared(round, HasCommitters: true));
        Post(new JobEvent.RecordWritten(RecordStep.Prepared));
        foreach (JobEffect.MarkCommitted mark in Taken<JobEffect.MarkCommitted>())
        {
            Post(new JobEvent.CommitMarked(mark.Checkpoint));
        }

        Post(new JobEvent.SlotsGranted(round, [new GrantedSlot(new SiloEndpoint("silo", "x:1"), "silo", 0)]));
        Post(new JobEvent.Deployed(Last<JobEffect.Deploy>()));
        foreach (ExecutionAttemptId attempt in Attempts())
        {
            Post(new JobEvent.Reported(new TaskReport(attempt, ExecutionState.Running, null, null)));
        }
    }

    private void Complete(long number, bool commits = false)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        Post(new JobEvent.TimeUp(_effects.OfType<JobEffect.SetTimer>()
            .Last(static set => set.Timer.Kind == JobTimerKind.Checkpoint).Timer));
        Post(new JobEvent.SourcesSnapshotted(number, [], null));
        foreach (ExecutionAttemptId attempt in Attempts())
        {
            Post(new JobEvent.Reported(new TaskReport(attempt, ExecutionState.Running, null, null, Checkpoint: new(
                number,
                new StateHandle(null, [], 0, 0),
                Failure: null,
                commits ? [new OperatorCommittables(Plans.OperatorIdOf("sink"), [[1]])] : [],
                Received: null))));
        }

        Post(new JobEvent.CheckpointStored(number, null));
        Post(new JobEvent.RecordWritten(RecordStep.Checkpointed));
    }

    private void Restart()
    {
        Post(new JobEvent.CoordinationFailed(_master.Round, FailureInfo.Of(new IOException("restart"))));
        foreach (ExecutionAttemptId attempt in Attempts())
        {
            Post(new JobEvent.Reported(new TaskReport(attempt, ExecutionState.Canceled, null, null)));
        }

        Resume();
    }

    private void Resume()
    {
        Post(new JobEvent.Aborted(_master.Round, null));
        Post(new JobEvent.RecordWritten(RecordStep.Restarting));
        Post(new JobEvent.TimeUp(_effects.OfType<JobEffect.SetTimer>()
            .Last(static set => set.Timer.Kind == JobTimerKind.Restart).Timer));
        Post(new JobEvent.RecordWritten(RecordStep.Preparing));
    }

    private ExecutionAttemptId[] Attempts() => [.. _master.Graph.All.Select(static execution => execution.Id)];

    private T Last<T>()
        where T : JobEffect => _effects.OfType<T>().Last();

    private T[] Taken<T>()
        where T : JobEffect
    {
        T[] taken = [.. _effects.OfType<T>()];
        _effects.RemoveAll(static effect => effect is T);
        return taken;
    }

    private void Post(JobEvent happened) => _effects.AddRange(_master.Step(happened));
}
