using Microsoft.Extensions.Time.Testing;
using Millrace.Jobs;

namespace Millrace.Programs;

/// <summary>A job on a cluster that does not answer.</summary>
[TestClass]
public sealed class JobHandleTests
{
    private static readonly JobId Id = new(new Id128(7, 9));
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();

    // The job goes on all the while: a silo is being replaced, or the machine was asleep.
    [TestMethod]
    public async Task The_end_of_a_job_is_waited_for_much_longer_than_an_ordinary_answer()
    {
        List<string> told = [];
        TimeSpan outage = TimeSpan.FromMinutes(5);
        Task<JobResult> waiting = Handle(outage).WaitAsync(told.Add, CancellationToken.None);

        await AdvanceAsync(waiting, outage - Step);

        Assert.IsFalse(waiting.IsCompleted, "The time is not up.");
        Assert.Contains("Waiting for the end of job counts (", told.Single());
        Assert.Contains("00:05:00 in all (Millrace:Client:OutageTimeout)", told[0]);
    }

    [TestMethod]
    public async Task Who_gives_up_waiting_is_told_which_job_may_still_run_and_how_to_look()
    {
        Task<JobResult> waiting = Handle(TimeSpan.FromMinutes(1)).WaitAsync();

        await AdvanceAsync(waiting, TimeSpan.FromMinutes(2));

        ClusterLostException lost = await Assert.ThrowsExactlyAsync<ClusterLostException>(
            () => waiting.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System));
        Assert.Contains($"Job counts ({Id}) may still run", lost.Message);
        Assert.Contains($"'millrace show {Id}'", lost.Message);
        Assert.Contains("'millrace list'", lost.Message);
        Assert.Contains("nobody is there", lost.Message);
    }

    [TestMethod]
    public async Task A_job_that_could_not_be_told_to_stop_is_named()
    {
        Task canceling = Handle(TimeSpan.FromMinutes(1)).CancelAsync();

        await AdvanceAsync(canceling, TimeSpan.FromMinutes(2));

        ClusterLostException lost = await Assert.ThrowsExactlyAsync<ClusterLostException>(
            () => canceling.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System));
        Assert.Contains($"'millrace cancel {Id}'", lost.Message);
    }

    private JobHandle Handle(TimeSpan outage) => new(
        new ClusterCalls(() => throw new SiloUnavailableException("nobody is there"), _time, outageTimeout: outage),
        Id,
        "counts");

    private async Task AdvanceAsync(Task waiting, TimeSpan all)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < all && !waiting.IsCompleted; passed += Step)
        {
            _time.Advance(Step);
            await Task.Yield();
        }
    }
}
