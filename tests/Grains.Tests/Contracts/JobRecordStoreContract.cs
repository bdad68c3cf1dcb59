using System.Collections.Immutable;
using System.Text;
using Millrace.Failures;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Jobs.Executions;
using Millrace.Jobs.Storage;
using Millrace.Tasks;

namespace Millrace.Contracts;

/// <summary>What every store of job records promises (<see cref="IJobRecordStore"/>).</summary>
public abstract class JobRecordStoreContract
{
    private protected static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private IJobRecordStore? _store;

    /// <summary>From one damaged byte to the next one that is tried.</summary>
    private protected virtual int DamageStep => 1;

    private protected IJobRecordStore Store => _store ??= NewStore();

    /// <summary>Another one at the same place.</summary>
    private protected abstract IJobRecordStore NewStore();

    /// <summary>Where the record of a job is, as messages name it.</summary>
    private protected abstract string PlaceOf(JobId job);

    /// <summary>What is stored as the record of a job.</summary>
    private protected abstract Task<byte[]> ReadAsync(JobId job);

    /// <summary>Stores something else as the record of a job, by going round the store.</summary>
    private protected abstract Task OverwriteAsync(JobId job, byte[] bytes);

    /// <summary>Whatever is there of any job.</summary>
    private protected abstract Task<IReadOnlyList<string>> LeftAsync();

    [TestMethod]
    public async Task What_is_written_is_read_back()
    {
        JobSubmission submission = FullSubmission();
        JobRecord record = FullRecord(submission);
        Assert.IsTrue(await Store.TryCreateAsync(submission, record, CancellationToken.None));

        JobRecord? read = await Store.ReadAsync(submission.Job, CancellationToken.None);
        JobSubmission readSubmission = await Store.ReadSubmissionAsync(submission.Job, CancellationToken.None);

        Assert.AreEqual(Text(JobRecordFormat.Record, record), Text(JobRecordFormat.Record, read));
        Assert.AreEqual(Text(JobRecordFormat.Submission, submission), Text(JobRecordFormat.Submission, readSubmission));
        Assert.AreEqual(record.Details!.Vertices[0].Subtasks[0], read!.Details!.Vertices[0].Subtasks[0]);
        Assert.AreEqual(record.Failure, read.Failure);
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, readSubmission.Graph.Elements.Values.Single());
    }

    [TestMethod]
    public async Task A_job_is_created_once()
    {
        JobSubmission submission = FullSubmission();
        JobRecord first = JobRecord.New(submission, "one", Now);
        Assert.IsTrue(await Store.TryCreateAsync(submission, first, CancellationToken.None));
        Assert.IsFalse(await Store.TryCreateAsync(submission, first with { Owner = "two" }, CancellationToken.None));
        Assert.AreEqual("one", (await Store.ReadAsync(submission.Job, CancellationToken.None))!.Owner);
    }

    [TestMethod]
    public async Task Only_the_version_after_the_stored_one_is_written()
    {
        JobSubmission submission = FullSubmission();
        JobRecord first = JobRecord.New(submission, "one", Now);
        await Store.TryCreateAsync(submission, first, CancellationToken.None);
        JobRecord mine = first.TakenOverBy("two");
        JobRecord twin = first.TakenOverBy("three");

        Assert.IsTrue(await Store.TryWriteAsync(mine, CancellationToken.None));
        Assert.IsFalse(await Store.TryWriteAsync(twin, CancellationToken.None));
        Assert.IsFalse(await Store.TryWriteAsync(mine, CancellationToken.None));
        Assert.IsFalse(await Store.TryWriteAsync(mine with { Version = 7 }, CancellationToken.None));
        Assert.AreEqual("two", (await Store.ReadAsync(submission.Job, CancellationToken.None))!.Owner);
    }

    [TestMethod]
    public async Task Of_many_who_take_over_at_once_one_succeeds()
    {
        JobSubmission submission = FullSubmission();
        JobRecord first = JobRecord.New(submission, "one", Now);
        await Store.TryCreateAsync(submission, first, CancellationToken.None);

        bool[] won = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Store.TryWriteAsync(first.TakenOverBy($"silo{i}"), CancellationToken.None)));

        Assert.AreEqual(1, won.Count(succeeded => succeeded));
        JobRecord stored = (await Store.ReadAsync(submission.Job, CancellationToken.None))!;
        Assert.AreEqual($"silo{Array.IndexOf(won, true)}", stored.Owner);
    }

    // Every single byte, turned round: the record is refused by its name, and no other job suffers.
    [TestMethod]
    public async Task A_damaged_record_is_refused_by_name_and_hides_no_other()
    {
        JobSubmission submission = FullSubmission();
        await Store.TryCreateAsync(submission, JobRecord.New(submission, "one", Now), CancellationToken.None);
        JobSubmission other = submission with { Job = new JobId(new Id128(8, 8)) };
        await Store.TryCreateAsync(other, JobRecord.New(other, "one", Now), CancellationToken.None);
        string path = PlaceOf(submission.Job);
        byte[] sound = await ReadAsync(submission.Job);

        for (int at = 0; at < sound.Length; at += DamageStep)
        {
            byte[] damaged = [.. sound];
            damaged[at] ^= 0x01;
            await OverwriteAsync(submission.Job, damaged);
            JobRecordCorruptedException refused = await Assert.ThrowsExactlyAsync<JobRecordCorruptedException>(
                () => Store.ReadAsync(submission.Job, CancellationToken.None), $"byte {at}");
            StringAssert.Contains(refused.Message, path);
        }

        ImmutableArray<StoredJob> listed = await Store.ListAsync(CancellationToken.None);
        Assert.AreEqual("one", listed.Single(job => job.Job == other.Job).Record!.Owner);
        StoredJob broken = listed.Single(job => job.Job == submission.Job);
        Assert.IsNull(broken.Record);
        StringAssert.Contains(broken.Error, path);
    }

    [TestMethod]
    public async Task Half_a_record_and_one_of_another_job_are_refused()
    {
        JobSubmission submission = FullSubmission();
        await Store.TryCreateAsync(submission, JobRecord.New(submission, "one", Now), CancellationToken.None);
        byte[] sound = await ReadAsync(submission.Job);
        for (int length = 0; length < sound.Length - 1; length += 7 * DamageStep)
        {
            await OverwriteAsync(submission.Job, sound[..length]);
            await Assert.ThrowsExactlyAsync<JobRecordCorruptedException>(
                () => Store.ReadAsync(submission.Job, CancellationToken.None), $"{length} bytes");
        }

        await OverwriteAsync(new JobId(new Id128(6, 6)), sound);
        JobRecordCorruptedException refused = await Assert.ThrowsExactlyAsync<JobRecordCorruptedException>(
            () => Store.ReadAsync(new JobId(new Id128(6, 6)), CancellationToken.None));
        StringAssert.Contains(refused.Message, $"belongs to job {submission.Job}");
    }

    [TestMethod]
    public async Task A_forgotten_job_is_gone_and_may_be_forgotten_again()
    {
        JobSubmission submission = FullSubmission();
        await Store.TryCreateAsync(submission, JobRecord.New(submission, "one", Now), CancellationToken.None);
        await Store.DeleteAsync(submission.Job, CancellationToken.None);
        await Store.DeleteAsync(submission.Job, CancellationToken.None);
        Assert.IsNull(await Store.ReadAsync(submission.Job, CancellationToken.None));
        Assert.IsFalse(await Store.TryWriteAsync(
            JobRecord.New(submission, "one", Now).TakenOverBy("two"), CancellationToken.None));
        Assert.IsEmpty(await LeftAsync());
    }

    // What one silo has written another one sees at once, though lists remember what did not change.
    [TestMethod]
    public async Task A_list_shows_what_another_silo_has_written_or_forgotten()
    {
        JobSubmission submission = FullSubmission();
        JobSubmission other = submission with { Job = new JobId(new Id128(8, 8)) };
        IJobRecordStore elsewhere = NewStore();
        JobRecord first = JobRecord.New(submission, "one", Now);
        await Store.TryCreateAsync(submission, first, CancellationToken.None);
        await Store.TryCreateAsync(other, JobRecord.New(other, "one", Now), CancellationToken.None);
        Assert.HasCount(2, await elsewhere.ListAsync(CancellationToken.None));
        Assert.HasCount(2, await Store.ListAsync(CancellationToken.None));

        await Store.TryWriteAsync(first.TakenOverBy("two"), CancellationToken.None);
        ImmutableArray<StoredJob> listed = await elsewhere.ListAsync(CancellationToken.None);
        Assert.AreEqual("two", listed.Single(job => job.Job == submission.Job).Record!.Owner);
        Assert.AreEqual("one", listed.Single(job => job.Job == other.Job).Record!.Owner);

        await Store.DeleteAsync(submission.Job, CancellationToken.None);
        listed = await elsewhere.ListAsync(CancellationToken.None);
        Assert.AreEqual(other.Job, listed.Single().Job);
    }

    // Who is second must not change what the first one was submitted with.
    [TestMethod]
    public async Task Of_many_who_create_a_job_at_once_one_succeeds_with_its_own_submission()
    {
        JobSubmission submission = FullSubmission();
        bool[] won = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => NewStore().TryCreateAsync(
            submission with { Arguments = [$"{i}"] },
            JobRecord.New(submission, $"silo{i}", Now),
            CancellationToken.None)));

        Assert.AreEqual(1, won.Count(succeeded => succeeded));
        int winner = Array.IndexOf(won, true);
        Assert.AreEqual($"silo{winner}", (await Store.ReadAsync(submission.Job, CancellationToken.None))!.Owner);
        JobSubmission stored = await Store.ReadSubmissionAsync(submission.Job, CancellationToken.None);
        Assert.AreEqual($"{winner}", stored.Arguments.Single());
    }

    private protected static string Text<T>(string kind, T content) =>
        Encoding.UTF8.GetString(JobRecordFormat.Write(kind, content));

    private protected static JobSubmission FullSubmission()
    {
        JobGraph graph = Plans.TwoStages(2, 1) with
        {
            Elements = ImmutableDictionary<OperatorId, byte[]>.Empty.Add(Plans.OperatorIdOf("source"), [1, 2, 3]),
            Shape = ["one", "zwei \u00e4"],
            Warnings = ["careful"],
        };
        return Plans.Submission(graph, RestartSettings.FixedDelay(3, TimeSpan.FromSeconds(2))) with
        {
            Arguments = ["--input", "x y"],
        };
    }

    private protected static JobRecord FullRecord(JobSubmission submission)
    {
        var graph = new ExecutionGraph(submission.Job, submission.Graph, attempt: 2);
        var attempt = graph.Of(0)[0].Id;
        graph.TryMove(graph.Of(0)[0], ExecutionState.Failed, Now);
        graph.Of(0)[0].Ended(new TaskMetrics(attempt, ExecutionState.Failed, 1, 2, 3, 4, 5, 6) { BytesOut = 7 });
        FailureInfo failure = FailureInfo.Of(new FormatException("bad"), new FailurePlace("v", "o", 0, 2, "f:1", "s"));
        JobDetails details = new(
            submission.Job, "test", JobStatus.Failed, 12, new JobEpoch(3),
            [new StatusTime(JobStatus.Initializing, Now), new StatusTime(JobStatus.Failed, Now)],
            Jobs.Master.JobView.Vertices(graph), failure, [new FailureTime(failure, Now, attempt)],
            [new AccumulatorValue("n", AccumulatorKind.LongSum, 7)], 1);
        return JobRecord.New(submission, "one", Now) with
        {
            Epoch = new JobEpoch(3),
            Status = JobStatus.Failed,
            EndedAt = Now,
            Failure = failure,
            Details = details,
            Outcome = new JobOutcome(
                [new AccumulatorValue("n", AccumulatorKind.LongSum, 7)],
                [new OperatorCommittables(Plans.OperatorIdOf("sink"), [[1], [2, 3]])],
                [new ReturnedBytes("out", 0, [9])]),
        };
    }
}
