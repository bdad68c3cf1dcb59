using Microsoft.Extensions.DependencyInjection;
using Millrace.Connectors;
using Millrace.Jobs.Storage;
using Millrace.Serialization;
using Millrace.Slots;
using Millrace.Tasks.Reporting;
using Millrace.Tasks;
using Orleans.TestingHost;

namespace Millrace.Jobs;

/// <summary>Jobs over real grains on three silos of two slots each.</summary>
[TestClass]
public sealed class JobGrainTests
{
    private static ControlPlaneCluster Cluster = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext _) => Cluster = await ControlPlaneCluster.StartAsync(3, 2);

    [ClassCleanup]
    public static async Task StopAsync() => await Cluster.DisposeAsync();

    [TestInitialize]
    public void Reset()
    {
        Cluster.Behavior.FinishAtOnce = true;
        Cluster.Behavior.IgnoreCancel = false;
        Cluster.Behavior.DeployFailure = null;
        Cluster.Behavior.Deployed.Clear();
    }

    [TestMethod]
    public async Task A_job_is_deployed_on_all_silos_finishes_and_commits_once()
    {
        JobsSide side = new();
        JobId job = await Cluster.SubmitAsync(side, parallelism: 6);
        JobResult result = await Cluster.ResultAsync(job);

        Assert.AreEqual(JobStatus.Finished, result.Status, $"{result.Failure}");
        Assert.AreEqual(12, result.Accumulators.Single().Long);
        CollectionAssert.AreEqual(
            new byte[] { 0, 1, 2, 3, 4, 5 }, result.Returned.Select(part => part.Bytes[0]).ToArray());
        await Cluster.WaitForReleasedCodeAsync();
        CollectionAssert.AreEqual(
            new[] { "prepare", "start", "commit 0,1,2,3,4,5", "dispose" }, side.Calls.ToArray());
        JobDetails details = await Cluster.Grains.Job(job).GetDetailsAsync(CancellationToken.None);
        Assert.HasCount(3, details.Vertices[0].Subtasks.Select(subtask => subtask.SiloName).Distinct().ToArray());
        CollectionAssert.AreEqual(
            new[] { JobStatus.Initializing, JobStatus.Created, JobStatus.Running, JobStatus.Finished },
            details.History.Select(entry => entry.Status).ToArray());
        await Cluster.WaitForFreeSlotsAsync(6);
    }

    [TestMethod]
    public async Task The_same_job_submitted_twice_is_one_job()
    {
        JobsSide side = new();
        JobId job = await Cluster.SubmitAsync(side, parallelism: 1);
        await Cluster.ResultAsync(job);
        JobSubmission again = Plans.Submission(Plans.TwoStages(1, 1)) with { Job = job };

        await Cluster.Grains.Dispatcher().SubmitAsync(again, CancellationToken.None);

        Assert.AreEqual(1, side.Calls.Count(call => call.StartsWith("commit", StringComparison.Ordinal)));
        Assert.HasCount(1, (await Cluster.Grains.Dispatcher().ListAsync(CancellationToken.None))
            .Where(entry => entry.Job == job).ToArray());
    }

    [TestMethod]
    public async Task A_plan_that_cannot_run_is_refused_when_it_is_submitted()
    {
        JobSubmission backwards = Plans.Submission(Plans.Of(
            [("a", 1, "default"), ("b", 1, "default")], ("b", "a", Graph.PartitionerKind.Hash)));

        Failures.InvalidProgramGraphException refused =
            await Assert.ThrowsExactlyAsync<Failures.InvalidProgramGraphException>(() =>
                Cluster.Grains.Dispatcher().SubmitAsync(backwards, CancellationToken.None));
        StringAssert.Contains(refused.Message, "the first one before the second");
    }

    [TestMethod]
    public async Task A_running_job_that_is_canceled_stops_its_subtasks_and_removes_what_they_left()
    {
        Cluster.Behavior.FinishAtOnce = false;
        JobsSide side = new();
        JobId job = await Cluster.SubmitAsync(side, parallelism: 4);
        await Cluster.WaitForStatusAsync(job, JobStatus.Running);
        await Cluster.WaitAsync(
            "counters arrive",
            async () => (await Cluster.Grains.Job(job).GetDetailsAsync(CancellationToken.None))
                .Vertices.Sum(vertex => vertex.Subtasks.Sum(subtask => subtask.Metrics?.RecordsIn ?? 0)),
            sum => sum == 8 * 5);

        await Cluster.Grains.Dispatcher().CancelAsync(job, CancellationToken.None);
        JobResult result = await Cluster.ResultAsync(job);

        Assert.AreEqual(JobStatus.Canceled, result.Status);
        Assert.IsNull(result.Failure);
        Assert.IsEmpty(Cluster.Tasks());
        CollectionAssert.Contains(side.Calls, "abort");
        await Cluster.WaitForFreeSlotsAsync(6);
    }

    [TestMethod]
    public async Task A_failed_subtask_fails_the_job_with_its_failure_and_stops_the_others()
    {
        Cluster.Behavior.FinishAtOnce = false;
        JobsSide side = new();
        JobId job = await Cluster.SubmitAsync(side, parallelism: 3);
        await Cluster.WaitForStatusAsync(job, JobStatus.Running);
        (TestTaskHost host, ExecutionAttemptId attempt) = Cluster.Tasks()[0];

        host.Fail(attempt, new FormatException("'x' is no number"));
        JobResult result = await Cluster.ResultAsync(job);

        Assert.AreEqual(JobStatus.Failed, result.Status);
        Assert.AreEqual("System.FormatException", result.Failure?.TypeName);
        Assert.IsEmpty(Cluster.Tasks());
        CollectionAssert.Contains(side.Calls, "abort");
        JobDetails details = await Cluster.Grains.Job(job).GetDetailsAsync(CancellationToken.None);
        Assert.AreEqual(attempt, details.Failures.Single().Attempt);
    }

    [TestMethod]
    public async Task A_job_with_restarts_runs_again_with_new_attempts()
    {
        Cluster.Behavior.FinishAtOnce = false;
        JobsSide side = new();
        JobId job = await Cluster.SubmitAsync(
            side, parallelism: 2, RestartSettings.FixedDelay(1, TimeSpan.FromMilliseconds(10)));
        await Cluster.WaitForStatusAsync(job, JobStatus.Running);
        (TestTaskHost host, ExecutionAttemptId attempt) = Cluster.Tasks()[0];

        Cluster.Behavior.FinishAtOnce = true;
        host.Fail(attempt, new IOException("once"));
        JobResult result = await Cluster.ResultAsync(job);

        Assert.AreEqual(JobStatus.Finished, result.Status, $"{result.Failure}");
        Assert.AreEqual("commit 0,1", side.Calls.Single(call => call.StartsWith("commit", StringComparison.Ordinal)));
        JobDetails details = await Cluster.Grains.Job(job).GetDetailsAsync(CancellationToken.None);
        Assert.AreEqual(1, details.Restarts);
        Assert.IsTrue(details.Vertices.All(vertex => vertex.Subtasks.All(subtask => subtask.Attempt == 1)));
    }

    [TestMethod]
    public async Task Input_that_does_not_exist_fails_the_job_before_anything_is_deployed()
    {
        JobsSide side = new() { StartFailure = new FileNotFoundException("'nowhere.txt' does not exist") };
        JobResult result = await Cluster.ResultAsync(await Cluster.SubmitAsync(side, parallelism: 2));

        Assert.AreEqual(JobStatus.Failed, result.Status);
        Assert.AreEqual("'nowhere.txt' does not exist", result.Failure?.Message);
        Assert.AreEqual("Source: TestSource", result.Failure?.Place.Operator);
        Assert.IsEmpty(Cluster.Behavior.Deployed);
        await Cluster.WaitForReleasedCodeAsync();
    }

    [TestMethod]
    public async Task More_subtasks_than_slots_are_refused_with_both_numbers()
    {
        JobResult result = await Cluster.ResultAsync(await Cluster.SubmitAsync(new JobsSide(), parallelism: 7));

        Assert.AreEqual(JobStatus.Failed, result.Status);
        Assert.AreEqual(typeof(NoResourceAvailableException).FullName, result.Failure?.TypeName);
        StringAssert.Contains(result.Failure?.Message, "needs 7 slots, 6 of the cluster's 6 were free");
    }

    [TestMethod]
    public async Task A_job_waits_for_slots_that_another_one_gives_back()
    {
        Cluster.Behavior.FinishAtOnce = false;
        JobId first = await Cluster.SubmitAsync(new JobsSide(), parallelism: 6);
        await Cluster.WaitForStatusAsync(first, JobStatus.Running);
        Cluster.Behavior.FinishAtOnce = true;
        JobId second = await Cluster.SubmitAsync(new JobsSide(), parallelism: 6);
        await Cluster.WaitAsync(
            "the second waits", async () => (await Cluster.OverviewAsync()).WaitingJobs, jobs => jobs.Contains(second));

        await Cluster.Grains.Job(first).CancelAsync(CancellationToken.None);

        Assert.AreEqual(JobStatus.Finished, (await Cluster.ResultAsync(second)).Status);
        Assert.AreEqual(JobStatus.Canceled, (await Cluster.ResultAsync(first)).Status);
    }

    [TestMethod]
    public async Task A_deployment_that_fails_fails_the_job_with_the_reason()
    {
        Cluster.Behavior.DeployFailure = new Failures.InvalidProgramGraphException("another graph here");
        JobResult result = await Cluster.ResultAsync(await Cluster.SubmitAsync(new JobsSide(), parallelism: 2));

        Assert.AreEqual(JobStatus.Failed, result.Status);
        Assert.AreEqual("another graph here", result.Failure?.Message);
        await Cluster.WaitForFreeSlotsAsync(6);
    }

    [TestMethod]
    public async Task A_commit_that_fails_is_tried_again()
    {
        JobsSide side = new() { CommitFailures = 2 };
        JobResult result = await Cluster.ResultAsync(await Cluster.SubmitAsync(side, parallelism: 1));

        Assert.AreEqual(JobStatus.Finished, result.Status, $"{result.Failure}");
        CollectionAssert.Contains(side.Calls, "commit 0");
    }

    [TestMethod]
    public async Task A_commit_that_never_succeeds_fails_the_job_and_removes_the_results()
    {
        JobsSide side = new() { CommitFailures = 100 };
        JobResult result = await Cluster.ResultAsync(await Cluster.SubmitAsync(side, parallelism: 1));

        Assert.AreEqual(JobStatus.Failed, result.Status);
        Assert.AreEqual("The disk is full.", result.Failure?.Message);
        Assert.IsEmpty(result.Returned);
        CollectionAssert.Contains(side.Calls, "abort");
    }

    [TestMethod]
    public async Task Splits_are_handed_out_one_by_one_to_whoever_asks()
    {
        Cluster.Behavior.FinishAtOnce = false;
        JobsSide side = new() { Splits = 5 };
        JobId job = await Cluster.SubmitAsync(side, parallelism: 2);
        await Cluster.WaitForStatusAsync(job, JobStatus.Running);
        JobDetails details = await Cluster.Grains.Job(job).GetDetailsAsync(CancellationToken.None);
        OperatorId source = new(details.Vertices[0].Vertex.Value);
        var readers = Cluster.Tasks().Where(task => task.Attempt.Vertex == details.Vertices[0].Vertex).ToArray();

        List<long> splits = [];
        for (int turn = 0; turn < 6; turn++)
        {
            SplitAnswer answer =
                await readers[turn % 2].Host.RequestSplitAsync(readers[turn % 2].Attempt, source);
            if (answer.Kind == SplitAssignmentKind.Assigned)
            {
                RecordReader reader = new(answer.Split);
                splits.Add(new SerializerSet().Get<long>().Read(ref reader));
            }
            else
            {
                Assert.AreEqual(SplitAssignmentKind.NoMore, answer.Kind);
            }
        }

        CollectionAssert.AreEqual(new long[] { 0, 1, 2, 3, 4 }, splits);
        await Cluster.Grains.Job(job).CancelAsync(CancellationToken.None);
        await Cluster.ResultAsync(job);
    }

    [TestMethod]
    public async Task Fifty_jobs_in_a_row_leave_no_slot_no_code_and_no_report_behind()
    {
        for (int i = 0; i < 50; i++)
        {
            JobResult result = await Cluster.ResultAsync(await Cluster.SubmitAsync(new JobsSide(), parallelism: 6));
            Assert.AreEqual(JobStatus.Finished, result.Status, $"job {i}: {result.Failure}");
        }

        await Cluster.WaitForFreeSlotsAsync(6);
        await Cluster.WaitForReleasedCodeAsync();
        Assert.AreEqual(0, Cluster.Silos.Sum(silo =>
            ((TaskReporter)silo.ServiceProvider.GetRequiredService<ITaskReporter>()).Waiting));
    }

    [TestMethod]
    public async Task Pinned_grains_answer_from_the_silo_their_key_names()
    {
        foreach (InProcessSiloHandle silo in Cluster.Silos)
        {
            string address = ControlPlaneCluster.AddressOf(silo);
            TaskManagerStatus status =
                await Cluster.Grains.TaskManager(address).GetStatusAsync(CancellationToken.None);
            Assert.AreEqual(address, status.Endpoint.Silo);

            SlotTable table = silo.ServiceProvider.GetRequiredService<SlotTable>();
            JobId job = new(new Id128(9, 9));
            ISlotGrain slot = Cluster.Grains.Slot(address, 1);
            Assert.IsTrue(await slot.ReserveAsync(job, new JobEpoch(1), CancellationToken.None));
            Assert.AreEqual(job, table.Statuses[1].Job);
            await slot.ReleaseAsync(job, new JobEpoch(1), CancellationToken.None);
            Assert.AreEqual(SlotState.Free, table.Statuses[1].State);
            ExecutionAttemptId unknown = new(job, new VertexId(new Id128(1, 1)), 0, 0);
            Assert.IsNull(await Cluster.Grains.TaskOf(address, unknown).GetStatusAsync(CancellationToken.None));
        }
    }

    [TestMethod]
    public async Task A_silo_that_never_was_is_said_to_be_lost()
    {
        TaskManagerLostException lost = await Assert.ThrowsExactlyAsync<TaskManagerLostException>(() =>
            Cluster.Grains.TaskManager("127.0.0.1:1@1").GetStatusAsync(CancellationToken.None));
        Assert.AreEqual("127.0.0.1:1@1", lost.Silo);
    }

    [TestMethod]
    public async Task A_job_nobody_submitted_is_not_found()
    {
        JobId job = new(new Id128(4, 4));
        await Assert.ThrowsExactlyAsync<JobNotFoundException>(() =>
            Cluster.Grains.Job(job).GetDetailsAsync(CancellationToken.None));
        await Assert.ThrowsExactlyAsync<JobNotFoundException>(() =>
            Cluster.Grains.Dispatcher().CancelAsync(job, CancellationToken.None));
    }

    [TestMethod]
    public async Task Slots_of_a_job_that_is_over_are_cleared_by_their_silo()
    {
        InProcessSiloHandle silo = Cluster.Silos.First();
        SlotTable table = silo.ServiceProvider.GetRequiredService<SlotTable>();
        Assert.HasCount(2, table.Reserve(new JobId(new Id128(5, 5)), new JobEpoch(1), 2));

        await Cluster.WaitAsync(
            "cleared",
            () => Task.FromResult(table.Statuses.Count(slot => slot.State == SlotState.Free)),
            free => free == 2);
        await Cluster.WaitForFreeSlotsAsync(6);
    }

    // Somebody else has raised the epoch, as after a partition: the grain still thinks it is in charge.
    [TestMethod]
    public async Task A_job_grain_that_is_no_longer_in_charge_commits_nothing_and_orders_nothing()
    {
        Cluster.Behavior.FinishAtOnce = false;
        JobsSide side = new();
        JobId job = await Cluster.SubmitAsync(side, parallelism: 2);
        await Cluster.WaitForStatusAsync(job, JobStatus.Running);
        IJobRecordStore records = Cluster.Silos.First().ServiceProvider.GetRequiredService<IJobRecordStore>();
        JobRecord record = (await records.ReadAsync(job, CancellationToken.None))!;
        Assert.IsTrue(await records.TryWriteAsync(record.TakenOverBy("somebody else"), CancellationToken.None));

        Cluster.FinishTasks();

        JobResult result = await Cluster.ResultAsync(job);
        Assert.AreEqual(JobStatus.Failed, result.Status);
        StringAssert.Contains(result.Failure?.Message, "somebody else");
        Assert.IsFalse(side.Calls.Any(call => call.StartsWith("commit", StringComparison.Ordinal)));
        JobRecord ended = (await records.ReadAsync(job, CancellationToken.None))!;
        Assert.AreEqual(record.Epoch.Next().Next(), ended.Epoch);
    }

    // As after silos that went down one after the other while they prepared the job.
    [TestMethod]
    public async Task A_job_that_may_have_ended_silos_ends_without_running_its_code_again()
    {
        Cluster.Behavior.FinishAtOnce = false;
        JobsSide side = new();
        JobId job = await Cluster.SubmitAsync(side, parallelism: 2);
        await Cluster.WaitForStatusAsync(job, JobStatus.Running);
        IJobRecordStore records = Cluster.Silos.First().ServiceProvider.GetRequiredService<IJobRecordStore>();
        await Cluster.WaitAsync(
            "prepared",
            async () => (await records.ReadAsync(job, CancellationToken.None))!.IsPreparing,
            static isPreparing => !isPreparing);
        JobRecord record = (await records.ReadAsync(job, CancellationToken.None))!;
        foreach (string silo in (string[])["two", "three"])
        {
            record = record.TakenOverBy(silo) with { IsPreparing = true };
            Assert.IsTrue(await records.TryWriteAsync(record, CancellationToken.None));
        }

        string[] before = [.. side.Calls];
        Cluster.FinishTasks();

        JobResult result = await Cluster.ResultAsync(job);

        Assert.AreEqual(JobStatus.Failed, result.Status);
        StringAssert.Contains(result.Failure?.Message, "2 silos in a row were lost");
        Assert.IsEmpty(side.Calls.Skip(before.Length).Where(static call => call is "start" or "abort"));
    }

    [TestMethod]
    public async Task Reports_to_a_job_nobody_knows_are_dropped()
    {
        var reporter = (TaskReporter)Cluster.Silos.First().ServiceProvider.GetRequiredService<ITaskReporter>();
        ExecutionAttemptId attempt = new(new JobId(new Id128(3, 3)), new VertexId(new Id128(1, 1)), 0, 0);
        reporter.Report(attempt.Job, new JobEpoch(1), new TaskReport(attempt, ExecutionState.Running, null, null));
        reporter.Report(attempt.Job, new JobEpoch(1), new TaskReport(attempt, ExecutionState.Finished, null, null));
        Assert.IsGreaterThan(0, reporter.Waiting);

        await Cluster.WaitAsync("dropped", () => Task.FromResult(reporter.Waiting), static waiting => waiting == 0);
    }
}
