using Microsoft.Extensions.Time.Testing;
using Millrace.Failures;
using Millrace.Graph;
using Millrace.Slots;
using Millrace.Tasks;

namespace Millrace.Jobs.Master;

/// <summary>Steps of a job master whose job has two regions that share one slot.</summary>
[TestClass]
public sealed class JobMasterSharedSlotTests
{
    // The second region's subtask takes the slot with it while the first one is being built there.
    [TestMethod]
    public void A_region_that_is_being_built_stays_where_it_is_when_its_slot_is_given_up_with_another_subtask()
    {
        JobMaster master = Running();
        List<JobEffect> effects = [];
        Fail("left");
        Post(new JobEvent.RecordWritten(RecordStep.Rerunning));
        Elapse();
        JobEffect.Deploy left = effects.OfType<JobEffect.Deploy>().Single();
        Assert.AreEqual("silo", left.Silo);

        Post(new JobEvent.Reported(new TaskReport(Id("right sink"), ExecutionState.Failed, Broken("right"), null)));
        Post(new JobEvent.RecordWritten(RecordStep.Rerunning));
        Elapse();
        Post(new JobEvent.Reported(new TaskReport(
            Id("right"),
            ExecutionState.Canceled,
            FailureInfo.Of(new TaskCancellationTimeoutException("it", TimeSpan.FromSeconds(1))),
            null)));
        Assert.HasCount(1, effects.OfType<JobEffect.RequestSlots>());
        Post(new JobEvent.SlotsGranted(0, [Slot("other")]));
        Assert.AreEqual("other", effects.OfType<JobEffect.Deploy>().Last().Silo, "the second region moves");

        Post(new JobEvent.Deployed(left));
        JobEffect.Start start = effects.OfType<JobEffect.Start>().Single();
        Assert.AreEqual("silo", start.Silo, "it is started where it was built");
        CollectionAssert.AreEquivalent(left.Attempts.ToArray(), start.Attempts.ToArray());

        void Fail(string source)
        {
            Post(new JobEvent.Reported(new TaskReport(Id(source), ExecutionState.Failed, Broken(source), null)));
            Post(new JobEvent.Reported(new TaskReport(Id($"{source} sink"), ExecutionState.Canceled, null, null)));
        }

        void Elapse()
        {
            foreach (JobEffect.SetTimer set in effects.OfType<JobEffect.SetTimer>()
                .Where(static set => set.Timer.Kind == JobTimerKind.Rerun).ToArray())
            {
                effects.Remove(set);
                Post(new JobEvent.TimeUp(set.Timer));
            }
        }

        void Post(JobEvent happened) => effects.AddRange(master.Step(happened));
    }

    private static JobMaster Running()
    {
        FakeTimeProvider time = new();
        JobGraph graph = Plans.Of(
            [
                ("left", 1, "default"), ("left sink", 1, "default"),
                ("right", 1, "default"), ("right sink", 1, "default"),
            ],
            ("left", "left sink", PartitionerKind.Forward),
            ("right", "right sink", PartitionerKind.Forward));
        JobMaster master = new(
            Plans.Submission(graph, RestartSettings.FixedDelay(9, TimeSpan.FromSeconds(3))),
            new JobStart(new JobEpoch(1), time.GetUtcNow()),
            new JobOptions(),
            TimeSpan.FromMinutes(1),
            time);
        master.Step(new JobEvent.Begun());
        master.Step(new JobEvent.Prepared(0, HasCommitters: false));
        foreach (JobEffect.Deploy deploy in
            master.Step(new JobEvent.SlotsGranted(0, [Slot("silo")])).OfType<JobEffect.Deploy>())
        {
            master.Step(new JobEvent.Deployed(deploy));
        }

        foreach (ExecutionAttemptId attempt in master.Graph.All.Select(static one => one.Id).ToArray())
        {
            master.Step(new JobEvent.Reported(new TaskReport(attempt, ExecutionState.Running, null, null)));
        }

        Assert.AreEqual(JobStatus.Running, master.Status);
        return master;
    }

    private static ExecutionAttemptId Id(string vertex) => new(Plans.Job, Plans.VertexOf(vertex), 0, 0);

    private static GrantedSlot Slot(string silo) => new(new SiloEndpoint(silo, "x:1"), silo, 0);

    private static FailureInfo Broken(string text) => FailureInfo.Of(new IOException(text));
}
