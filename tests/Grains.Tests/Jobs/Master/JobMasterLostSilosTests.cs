using Microsoft.Extensions.Time.Testing;
using Millrace.Failures;
using Millrace.Jobs.Storage;

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

    private void TakeOver(int lostPreparing, RestartSettings restart)
    {
        _master = new JobMaster(
            Plans.Submission(Plans.TwoStages(1, 1), restart),
            new JobStart(new JobEpoch(5), _time.GetUtcNow(), IsTakeOver: true, LostPreparing: lostPreparing),
            new JobOptions(),
            TimeSpan.FromMinutes(1),
            _time);
        Post(new JobEvent.TakenOver(Loss, null, null, null));
    }

    private void Post(JobEvent happened) => _effects.AddRange(_master.Step(happened));
}
