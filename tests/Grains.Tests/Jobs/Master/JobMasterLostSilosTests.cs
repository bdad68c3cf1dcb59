using Microsoft.Extensions.Time.Testing;
using Millrace.Failures;
using Millrace.Graph;
using Millrace.Jobs.Executions;
using Millrace.Jobs.Storage;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <summary>A job whose own code may be what ends the silos that coordinate it.</summary>
[TestClass]
public sealed class JobMasterLostSilosTests
{
    private static readonly FailureInfo Loss = FailureInfo.Of(new JobGrainLostException("one"));

    private readonly FakeTimeProvider _time = new();
    private readonly List<JobEffect> _effects = [];
    private JobMaster _master = null!;

    [TestMethod]
    public void After_silos_lost_in_a_row_the_job_fails_without_running_its_code_again()
    {
        TakeOver(lostPreparing: 2, RestartSettings.FixedDelay(9, TimeSpan.FromSeconds(1)));
        Post(new JobEvent.Reconciled());

        Assert.IsEmpty(_effects.OfType<JobEffect.Prepare>());
        Assert.IsFalse(_effects.OfType<JobEffect.Abort>().Single().MayPrepare);
        Post(new JobEvent.Aborted(0, null));
        JobRecordChange end = _effects.OfType<JobEffect.Write>().Last().Change;
        Assert.AreEqual(JobStatus.Failed, end.Status);
        Assert.AreEqual(typeof(JobEndsSilosException).FullName, end.Failure?.TypeName);
        StringAssert.Contains(end.Failure?.Message, "2 silos in a row");
        StringAssert.Contains(end.Failure?.Message, "Millrace:Jobs:MaxSilosLostInPreparation");
    }

    // It ends anyway: there is no use in risking another silo for what is left behind.
    [TestMethod]
    public void After_one_lost_silo_a_job_that_fails_removes_nothing_by_its_own_code()
    {
        TakeOver(lostPreparing: 1, RestartSettings.None);
        Post(new JobEvent.Reconciled());

        Assert.IsEmpty(_effects.OfType<JobEffect.Prepare>());
        Assert.IsFalse(_effects.OfType<JobEffect.Abort>().Single().MayPrepare);
    }

    [TestMethod]
    public void A_silo_lost_later_says_nothing_about_the_code_of_the_job()
    {
        TakeOver(lostPreparing: 0, RestartSettings.None);
        Post(new JobEvent.Reconciled());

        Assert.IsTrue(_effects.OfType<JobEffect.Abort>().Single().MayPrepare);
    }

    [TestMethod]
    public void After_one_lost_silo_a_job_that_restarts_tries_again_and_says_when_it_is_prepared()
    {
        TakeOver(lostPreparing: 1, RestartSettings.FixedDelay(9, TimeSpan.FromSeconds(1)));
        Post(new JobEvent.Reconciled());
        Post(new JobEvent.Aborted(0, null));
        Assert.IsFalse(_effects.OfType<JobEffect.Write>().Last().Change.IsPreparing, "it waits");
        Post(new JobEvent.RecordWritten(RecordStep.Restarting));
        Post(new JobEvent.TimeUp(_effects.OfType<JobEffect.SetTimer>()
            .Last(static set => set.Timer.Kind == JobTimerKind.Restart).Timer));
        Assert.IsTrue(_effects.OfType<JobEffect.Write>().Last().Change.IsPreparing);
        Assert.IsEmpty(_effects.OfType<JobEffect.Prepare>(), "before that is on record");
        Post(new JobEvent.RecordWritten(RecordStep.Preparing));
        Post(new JobEvent.Prepared(_effects.OfType<JobEffect.Prepare>().Single().Round, HasCommitters: false));

        Assert.IsFalse(_effects.OfType<JobEffect.Write>().Last().Change.IsPreparing);
    }

    // Told to stop before it is on record that its code may run: the code does not run.
    [TestMethod]
    public void A_job_that_is_canceled_before_it_prepares_again_runs_none_of_its_code()
    {
        TakeOver(lostPreparing: 0, RestartSettings.FixedDelay(9, TimeSpan.FromSeconds(1)));
        Post(new JobEvent.Reconciled());
        Post(new JobEvent.Aborted(0, null));
        Post(new JobEvent.RecordWritten(RecordStep.Restarting));
        Post(new JobEvent.TimeUp(_effects.OfType<JobEffect.SetTimer>()
            .Last(static set => set.Timer.Kind == JobTimerKind.Restart).Timer));
        Post(new JobEvent.CancelAsked());
        Assert.HasCount(1, _effects.OfType<JobEffect.Abort>());
        Post(new JobEvent.RecordWritten(RecordStep.Preparing));

        Assert.IsEmpty(_effects.OfType<JobEffect.Prepare>());
        Assert.HasCount(2, _effects.OfType<JobEffect.Abort>());
    }

    [TestMethod]
    public void Whoever_takes_over_counts_only_owners_lost_while_the_job_prepared()
    {
        JobRecord record = JobRecord.New(
            Plans.Submission(Plans.TwoStages(1, 1), RestartSettings.None), "one", _time.GetUtcNow());

        JobRecord second = record.TakenOverBy("two");
        JobRecord third = (second with { IsPreparing = true }).TakenOverBy("three");
        JobRecord fourth = third.TakenOverBy("four");

        Assert.AreEqual(1, second.LostPreparing, "a new job prepares at once");
        Assert.AreEqual(2, third.LostPreparing);
        Assert.AreEqual(0, fourth.LostPreparing, "it waited");
    }

    [TestMethod]
    public void A_commit_that_may_have_ended_silos_is_given_up_with_the_name_of_its_sink()
    {
        TakeOverCommit(lostCommitting: 3);
        Post(new JobEvent.Reconciled());

        Assert.IsEmpty(_effects.Where(static effect => effect is JobEffect.Prepare or JobEffect.Commit));
        JobRecordChange givenUp = _effects.OfType<JobEffect.Write>().Single().Change;
        Assert.AreEqual(RecordStep.CommitGivenUp, givenUp.Step);
        Assert.IsNull(givenUp.Outcome, "nobody commits it later");
        Post(new JobEvent.RecordWritten(RecordStep.CommitGivenUp));
        Assert.IsFalse(_effects.OfType<JobEffect.Abort>().Single().MayPrepare);
        Post(new JobEvent.Aborted(0, null));
        JobRecordChange end = _effects.OfType<JobEffect.Write>().Last().Change;
        Assert.AreEqual(JobStatus.Failed, end.Status);
        Assert.AreEqual(typeof(CommitEndsSilosException).FullName, end.Failure?.TypeName);
        StringAssert.Contains(end.Failure?.Message, "3 silos in a row");
        StringAssert.Contains(end.Failure?.Message, $"committers of '{Sink.Name}'");
        StringAssert.Contains(end.Failure?.Message, "Millrace:Jobs:MaxSilosLostInCommit");
    }

    [TestMethod]
    public void A_commit_is_tried_again_after_fewer_silos()
    {
        TakeOverCommit(lostCommitting: 2);
        Post(new JobEvent.Reconciled());
        Assert.IsEmpty(_effects.OfType<JobEffect.Prepare>(), "before that is on record");
        JobRecordChange begun = _effects.OfType<JobEffect.Write>().Single().Change;
        Assert.IsTrue(begun.IsCommitting);
        Assert.IsNotNull(begun.Outcome, "whoever comes next commits it");
        Assert.IsNotNull(begun.Details);
        Post(new JobEvent.RecordWritten(begun.Step));

        Assert.IsTrue(_effects.OfType<JobEffect.Prepare>().Single().ToCommit);
    }

    [TestMethod]
    public void Whoever_takes_over_counts_only_owners_lost_while_they_committed()
    {
        JobRecord record = JobRecord.New(Submission(RestartSettings.None), "one", _time.GetUtcNow());

        JobRecord second = (record with { Outcome = Decided, IsCommitting = true }).TakenOverBy("two");
        JobRecord third = second.TakenOverBy("three");
        JobRecord fourth = (third with { IsCommitting = true }).Left().TakenOverBy("four");
        JobRecord fifth = (fourth with { IsCommitting = true }).TakenOverBy("five");

        Assert.AreEqual(1, second.LostCommitting);
        Assert.IsFalse(second.IsCommitting);
        Assert.AreEqual(1, third.LostCommitting, "it had not begun");
        Assert.AreEqual(1, fourth.LostCommitting, "it was stopped in an orderly way");
        Assert.AreEqual(2, fifth.LostCommitting);
    }

    // What it left behind must not be removed by the very code that may have ended the silos.
    [TestMethod]
    public void Silos_lost_in_a_commit_are_remembered_while_the_job_fails_of_them()
    {
        JobRecord givenUp = JobRecord.New(Submission(RestartSettings.None), "one", _time.GetUtcNow()) with
        {
            LostCommitting = 3,
            Failure = FailureInfo.Of(new CommitEndsSilosException(3, "'sink'")),
        };

        Assert.AreEqual(3, givenUp.TakenOverBy("two").LostCommitting);
        Assert.AreEqual(0, (givenUp with { Failure = null }).TakenOverBy("two").LostCommitting, "it runs again");
    }

    private static JobOperator Sink => Submission(RestartSettings.None).Graph.Vertices[^1].Operators[^1];

    private static JobOutcome Decided => new([], [new OperatorCommittables(Sink.Id, [[1]])], []);

    private static JobSubmission Submission(RestartSettings restart) =>
        Plans.Submission(Plans.TwoStages(1, 1), restart);

    private void TakeOverCommit(int lostCommitting)
    {
        Begin(
            new JobStart(new JobEpoch(5), _time.GetUtcNow(), IsTakeOver: true, LostCommitting: lostCommitting),
            RestartSettings.None);
        Post(new JobEvent.TakenOver(Loss, Decided, null, null));
    }

    private void TakeOver(int lostPreparing, RestartSettings restart)
    {
        Begin(
            new JobStart(new JobEpoch(5), _time.GetUtcNow(), IsTakeOver: true, LostPreparing: lostPreparing), restart);
        Post(new JobEvent.TakenOver(Loss, null, null, null));
    }

    private void Begin(JobStart start, RestartSettings restart) => _master = new JobMaster(
        Submission(restart), start, new JobOptions(), TimeSpan.FromMinutes(1), _time);

    private void Post(JobEvent happened) => _effects.AddRange(_master.Step(happened));
}
