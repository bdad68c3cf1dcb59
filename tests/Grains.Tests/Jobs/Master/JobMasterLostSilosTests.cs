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
        TakeOver(lostUnprepared: 2, RestartSettings.FixedDelay(9, TimeSpan.FromSeconds(1)));
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
        TakeOver(lostUnprepared: 1, RestartSettings.None);
        Post(new JobEvent.Reconciled());

        Assert.IsEmpty(_effects.OfType<JobEffect.Prepare>());
        Assert.IsFalse(_effects.OfType<JobEffect.Abort>().Single().MayPrepare);
    }

    [TestMethod]
    public void A_silo_lost_later_says_nothing_about_the_code_of_the_job()
    {
        TakeOver(lostUnprepared: 0, RestartSettings.None);
        Post(new JobEvent.Reconciled());

        Assert.IsTrue(_effects.OfType<JobEffect.Abort>().Single().MayPrepare);
    }

    [TestMethod]
    public void After_one_lost_silo_a_job_that_restarts_tries_again_and_says_when_it_is_prepared()
    {
        TakeOver(lostUnprepared: 1, RestartSettings.FixedDelay(9, TimeSpan.FromSeconds(1)));
        Post(new JobEvent.Reconciled());
        Post(new JobEvent.Aborted(0, null));
        Assert.IsFalse(_effects.OfType<JobEffect.Write>().Last().Change.IsPrepared);
        Post(new JobEvent.RecordWritten(RecordStep.Restarting));
        Post(new JobEvent.TimeUp(_effects.OfType<JobEffect.SetTimer>()
            .Last(static set => set.Timer.Kind == JobTimerKind.Restart).Timer));
        Post(new JobEvent.Prepared(_effects.OfType<JobEffect.Prepare>().Single().Round, HasCommitters: false));

        JobRecordChange prepared = _effects.OfType<JobEffect.Write>().Last().Change;
        Assert.AreEqual(RecordStep.Prepared, prepared.Step);
        Assert.IsTrue(prepared.IsPrepared);
    }

    [TestMethod]
    public void Whoever_takes_over_counts_only_owners_lost_before_the_job_was_prepared()
    {
        JobRecord record = JobRecord.New(
            Plans.Submission(Plans.TwoStages(1, 1), RestartSettings.None), "one", _time.GetUtcNow());

        JobRecord third = record.TakenOverBy("two").TakenOverBy("three");
        JobRecord fourth = (third with { IsPrepared = true }).TakenOverBy("four");

        Assert.AreEqual(2, third.LostUnprepared);
        Assert.AreEqual(0, fourth.LostUnprepared);
        Assert.IsFalse(fourth.IsPrepared);
    }

    private void TakeOver(int lostUnprepared, RestartSettings restart)
    {
        _master = new JobMaster(
            Plans.Submission(Plans.TwoStages(1, 1), restart),
            new JobStart(new JobEpoch(5), _time.GetUtcNow(), IsTakeOver: true, LostUnprepared: lostUnprepared),
            new JobOptions(),
            TimeSpan.FromMinutes(1),
            _time);
        Post(new JobEvent.TakenOver(Loss, null, null, null));
    }

    private void Post(JobEvent happened) => _effects.AddRange(_master.Step(happened));
}
