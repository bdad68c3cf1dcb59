using Millrace.Slots;
using Millrace.Tasks;
using Orleans.TestingHost;

namespace Millrace.Jobs;

/// <summary>Silos that die, and subtasks that never stop: each test has silos of its own.</summary>
[TestClass]
public sealed class LostSiloTests
{
    [TestMethod]
    public async Task A_job_whose_job_grain_died_fails_on_another_silo_and_names_the_lost_one()
    {
        await using ControlPlaneCluster cluster = await ControlPlaneCluster.StartAsync(3, 2);
        cluster.Behavior.FinishAtOnce = false;
        JobsSide side = new();
        JobId job = await cluster.SubmitAsync(side, parallelism: 6);
        await cluster.WaitForStatusAsync(job, JobStatus.Running);
        string owner = cluster.OwnerOf(job);

        await cluster.KillAsync(cluster.SiloOf(job));
        // Nobody asks for the job: the watchers have to find it.
        await cluster.WaitAsync("taken over", () => Task.FromResult(cluster.OwnerOf(job)), now => now != owner);
        JobResult result = await cluster.ResultAsync(job);

        Assert.AreEqual(JobStatus.Failed, result.Status);
        StringAssert.Contains(result.Failure?.Message, owner);
        Assert.IsEmpty(cluster.Tasks());
        CollectionAssert.Contains(side.Calls, "abort");
        Assert.IsFalse(side.Calls.Any(call => call.StartsWith("commit", StringComparison.Ordinal)));
        await cluster.WaitForFreeSlotsAsync(4);
        await RequireNextJobFinishesAsync(cluster);
    }

    [TestMethod]
    public async Task A_job_whose_subtasks_died_fails_and_names_the_lost_silo()
    {
        await using ControlPlaneCluster cluster = await ControlPlaneCluster.StartAsync(3, 2);
        cluster.Behavior.FinishAtOnce = false;
        JobId job = await cluster.SubmitAsync(new JobsSide(), parallelism: 6);
        await cluster.WaitForStatusAsync(job, JobStatus.Running);
        InProcessSiloHandle lost = cluster.Silos.First(silo => silo != cluster.SiloOf(job));

        await cluster.KillAsync(lost);
        JobResult result = await cluster.ResultAsync(job);

        Assert.AreEqual(JobStatus.Failed, result.Status);
        Assert.AreEqual(typeof(TaskManagerLostException).FullName, result.Failure?.TypeName);
        StringAssert.Contains(result.Failure?.Message, ControlPlaneCluster.AddressOf(lost));
        Assert.IsEmpty(cluster.Tasks());
        await cluster.WaitForFreeSlotsAsync(4);
        await RequireNextJobFinishesAsync(cluster);
    }

    [TestMethod]
    public async Task A_job_that_has_ended_is_shown_after_its_silo_died()
    {
        await using ControlPlaneCluster cluster = await ControlPlaneCluster.StartAsync(2, 1);
        JobId job = await cluster.SubmitAsync(new JobsSide(), parallelism: 1);
        JobResult before = await cluster.ResultAsync(job);

        await cluster.KillAsync(cluster.SiloOf(job));
        JobResult after = await cluster.ResultAsync(job);

        Assert.AreEqual(before.Status, after.Status);
        Assert.AreEqual(before.RunTime, after.RunTime);
        Assert.AreEqual(before.Returned.Single().Bytes[0], after.Returned.Single().Bytes[0]);
        JobOverview listed = (await cluster.Grains.Dispatcher().ListAsync(CancellationToken.None)).Single();
        Assert.AreEqual(JobStatus.Finished, listed.Status);
        Assert.AreEqual(new SubtaskCount(ExecutionState.Finished, 2), listed.Subtasks.Single());
    }

    [TestMethod]
    public async Task The_task_manager_of_a_dead_silo_is_said_to_be_lost()
    {
        await using ControlPlaneCluster cluster = await ControlPlaneCluster.StartAsync(2, 1);
        InProcessSiloHandle lost = cluster.Silos.Last();
        string address = ControlPlaneCluster.AddressOf(lost);
        await cluster.Grains.TaskManager(address).GetStatusAsync(CancellationToken.None);

        await cluster.KillAsync(lost);

        await cluster.WaitAsync(
            "lost",
            async () =>
            {
                try
                {
                    await cluster.Grains.TaskManager(address).GetStatusAsync(CancellationToken.None);
                    return "answers";
                }
                catch (TaskManagerLostException exception)
                {
                    return exception.Silo;
                }
            },
            seen => seen == address);
    }

    [TestMethod]
    public async Task A_subtask_that_does_not_stop_costs_its_slot_and_its_silo_says_so()
    {
        await using ControlPlaneCluster cluster = await ControlPlaneCluster.StartAsync(2, 1);
        cluster.Behavior.FinishAtOnce = false;
        cluster.Behavior.IgnoreCancel = true;
        JobId job = await cluster.SubmitAsync(new JobsSide(), parallelism: 1);
        await cluster.WaitForStatusAsync(job, JobStatus.Running);

        await cluster.Grains.Job(job).CancelAsync(CancellationToken.None);
        await cluster.WaitForStatusAsync(job, JobStatus.Cancelling);
        foreach ((TestTaskHost host, ExecutionAttemptId attempt) in cluster.Tasks())
        {
            host.GiveUp(attempt, slot: 0);
        }

        JobResult result = await cluster.ResultAsync(job);
        Assert.AreEqual(JobStatus.Canceled, result.Status);
        await cluster.WaitAsync(
            "one slot lost, and said so",
            cluster.OverviewAsync,
            seen => seen.FreeSlots == 1
                && seen.TaskManagers.Count(silo => silo.Degradation?.Contains("did not stop") == true) == 1);
        JobDetails details = await cluster.Grains.Job(job).GetDetailsAsync(CancellationToken.None);
        Assert.IsTrue(details.Failures.All(failure =>
            failure.Failure.TypeName == typeof(TaskCancellationTimeoutException).FullName));
    }

    [TestMethod]
    public async Task A_silo_that_never_says_how_a_subtask_ended_does_not_keep_the_job_from_ending()
    {
        await using ControlPlaneCluster cluster = await ControlPlaneCluster.StartAsync(1, 1);
        cluster.Behavior.FinishAtOnce = false;
        cluster.Behavior.IgnoreCancel = true;
        JobId job = await cluster.SubmitAsync(new JobsSide(), parallelism: 1);
        await cluster.WaitForStatusAsync(job, JobStatus.Running);

        await cluster.Grains.Job(job).CancelAsync(CancellationToken.None);
        JobResult result = await cluster.ResultAsync(job);

        Assert.AreEqual(JobStatus.Canceled, result.Status);
        SlotStatus slot = (await cluster.OverviewAsync()).TaskManagers.Single().Slots.Single();
        Assert.AreNotEqual(SlotState.Free, slot.State, "something still runs in it");
    }

    private static async Task RequireNextJobFinishesAsync(ControlPlaneCluster cluster)
    {
        cluster.Behavior.FinishAtOnce = true;
        JobResult next = await cluster.ResultAsync(await cluster.SubmitAsync(new JobsSide(), parallelism: 4));
        Assert.AreEqual(JobStatus.Finished, next.Status, $"{next.Failure}");
    }
}
