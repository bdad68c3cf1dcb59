using System.Collections.Immutable;
using System.Text;
using Millrace.Execution;
using Millrace.Execution.Files;
using Millrace.Failures;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Jobs.Executions;
using Millrace.Jobs.Storage;
using Millrace.Tasks;
using Millrace.UserCode;

namespace Millrace.Jobs;

[TestClass]
public sealed class DirectoryJobRecordStoreTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly SystemExecution _execution = new(new WorkerOptions { Threads = 1 }, null!, TimeProvider.System);
    private readonly DirectoryJobRecordStore _store;

    public DirectoryJobRecordStoreTests() =>
        _store = new DirectoryJobRecordStore(_folder.Combine("jobs"), _execution, new FileReplacement());

    public void Dispose()
    {
        _execution.Dispose();
        _folder.Dispose();
    }

    [TestMethod]
    public async Task What_is_written_is_read_back()
    {
        JobSubmission submission = FullSubmission();
        JobRecord record = FullRecord(submission);
        Assert.IsTrue(await _store.TryCreateAsync(submission, record, CancellationToken.None));

        JobRecord? read = await _store.ReadAsync(submission.Job, CancellationToken.None);
        JobSubmission readSubmission = await _store.ReadSubmissionAsync(submission.Job, CancellationToken.None);

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
        Assert.IsTrue(await _store.TryCreateAsync(submission, first, CancellationToken.None));
        Assert.IsFalse(await _store.TryCreateAsync(submission, first with { Owner = "two" }, CancellationToken.None));
        Assert.AreEqual("one", (await _store.ReadAsync(submission.Job, CancellationToken.None))!.Owner);
    }

    [TestMethod]
    public async Task Only_the_version_after_the_stored_one_is_written()
    {
        JobSubmission submission = FullSubmission();
        JobRecord first = JobRecord.New(submission, "one", Now);
        await _store.TryCreateAsync(submission, first, CancellationToken.None);
        JobRecord mine = first.TakenOverBy("two");
        JobRecord twin = first.TakenOverBy("three");

        Assert.IsTrue(await _store.TryWriteAsync(mine, CancellationToken.None));
        Assert.IsFalse(await _store.TryWriteAsync(twin, CancellationToken.None));
        Assert.IsFalse(await _store.TryWriteAsync(mine, CancellationToken.None));
        Assert.IsFalse(await _store.TryWriteAsync(mine with { Version = 7 }, CancellationToken.None));
        Assert.AreEqual("two", (await _store.ReadAsync(submission.Job, CancellationToken.None))!.Owner);
    }

    [TestMethod]
    public async Task Of_many_who_take_over_at_once_one_succeeds()
    {
        JobSubmission submission = FullSubmission();
        JobRecord first = JobRecord.New(submission, "one", Now);
        await _store.TryCreateAsync(submission, first, CancellationToken.None);

        bool[] won = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            _store.TryWriteAsync(first.TakenOverBy($"silo{i}"), CancellationToken.None)));

        Assert.AreEqual(1, won.Count(succeeded => succeeded));
        JobRecord stored = (await _store.ReadAsync(submission.Job, CancellationToken.None))!;
        Assert.AreEqual($"silo{Array.IndexOf(won, true)}", stored.Owner);
    }

    // A process killed at any step of a write leaves the old record or the new one, and nothing in the way of the next.
    [TestMethod]
    [DataRow("create")]
    [DataRow("write")]
    [DataRow("sync")]
    [DataRow("rename")]
    [DataRow("renamed")]
    public async Task A_crash_at_any_step_leaves_the_old_record_or_the_new_one(string step)
    {
        JobSubmission submission = FullSubmission();
        JobRecord first = JobRecord.New(submission, "one", Now);
        await _store.TryCreateAsync(submission, first, CancellationToken.None);
        JobRecord next = first.TakenOverBy("two");

        await Assert.ThrowsExactlyAsync<CrashException>(() =>
            CrashingAt(step).TryWriteAsync(next, CancellationToken.None));

        JobRecord stored = (await _store.ReadAsync(submission.Job, CancellationToken.None))!;
        Assert.AreEqual(step == "renamed" ? "two" : "one", stored.Owner);
        Assert.IsTrue(await _store.TryWriteAsync(stored.TakenOverBy("three"), CancellationToken.None));
    }

    [TestMethod]
    [DataRow("create", 1)]
    [DataRow("write", 1)]
    [DataRow("rename", 1)]
    [DataRow("renamed", 1)]
    [DataRow("create", 2)]
    [DataRow("write", 2)]
    [DataRow("sync", 2)]
    [DataRow("rename", 2)]
    public async Task A_crash_while_a_job_is_created_leaves_no_job(string step, int occurrence)
    {
        JobSubmission submission = FullSubmission();
        JobRecord first = JobRecord.New(submission, "one", Now);
        await Assert.ThrowsExactlyAsync<CrashException>(() =>
            CrashingAt(step, occurrence).TryCreateAsync(submission, first, CancellationToken.None));

        Assert.IsNull(await _store.ReadAsync(submission.Job, CancellationToken.None));
        Assert.IsEmpty(await _store.ListAsync(CancellationToken.None));
        Assert.IsTrue(await _store.TryCreateAsync(submission, first, CancellationToken.None));
        Assert.IsNotNull(await _store.ReadSubmissionAsync(submission.Job, CancellationToken.None));
    }

    // Every single byte, turned round: the record is refused by its name, and no other job suffers.
    [TestMethod]
    public async Task A_damaged_record_is_refused_by_name_and_hides_no_other()
    {
        JobSubmission submission = FullSubmission();
        await _store.TryCreateAsync(submission, JobRecord.New(submission, "one", Now), CancellationToken.None);
        JobSubmission other = submission with { Job = new JobId(new Id128(8, 8)) };
        await _store.TryCreateAsync(other, JobRecord.New(other, "one", Now), CancellationToken.None);
        string path = _folder.Combine("jobs", submission.Job.ToString(), "record.json");
        byte[] sound = await File.ReadAllBytesAsync(path);

        for (int at = 0; at < sound.Length; at++)
        {
            byte[] damaged = [.. sound];
            damaged[at] ^= 0x01;
            await File.WriteAllBytesAsync(path, damaged);
            JobRecordCorruptedException refused = await Assert.ThrowsExactlyAsync<JobRecordCorruptedException>(
                () => _store.ReadAsync(submission.Job, CancellationToken.None), $"byte {at}");
            StringAssert.Contains(refused.Message, path);
        }

        ImmutableArray<StoredJob> listed = await _store.ListAsync(CancellationToken.None);
        Assert.AreEqual("one", listed.Single(job => job.Job == other.Job).Record!.Owner);
        StoredJob broken = listed.Single(job => job.Job == submission.Job);
        Assert.IsNull(broken.Record);
        StringAssert.Contains(broken.Error, path);
    }

    [TestMethod]
    public async Task Half_a_record_and_one_of_another_job_are_refused()
    {
        JobSubmission submission = FullSubmission();
        await _store.TryCreateAsync(submission, JobRecord.New(submission, "one", Now), CancellationToken.None);
        string path = _folder.Combine("jobs", submission.Job.ToString(), "record.json");
        byte[] sound = await File.ReadAllBytesAsync(path);
        for (int length = 0; length < sound.Length - 1; length += 7)
        {
            await File.WriteAllBytesAsync(path, sound[..length]);
            await Assert.ThrowsExactlyAsync<JobRecordCorruptedException>(
                () => _store.ReadAsync(submission.Job, CancellationToken.None), $"{length} bytes");
        }

        string elsewhere = _folder.Combine("jobs", new JobId(new Id128(6, 6)).ToString());
        Directory.CreateDirectory(elsewhere);
        await File.WriteAllBytesAsync(Path.Combine(elsewhere, "record.json"), sound);
        JobRecordCorruptedException refused = await Assert.ThrowsExactlyAsync<JobRecordCorruptedException>(
            () => _store.ReadAsync(new JobId(new Id128(6, 6)), CancellationToken.None));
        StringAssert.Contains(refused.Message, $"belongs to job {submission.Job}");
    }

    [TestMethod]
    public async Task A_forgotten_job_is_gone_and_may_be_forgotten_again()
    {
        JobSubmission submission = FullSubmission();
        await _store.TryCreateAsync(submission, JobRecord.New(submission, "one", Now), CancellationToken.None);
        await _store.DeleteAsync(submission.Job, CancellationToken.None);
        await _store.DeleteAsync(submission.Job, CancellationToken.None);
        Assert.IsNull(await _store.ReadAsync(submission.Job, CancellationToken.None));
        Assert.IsFalse(await _store.TryWriteAsync(
            JobRecord.New(submission, "one", Now).TakenOverBy("two"), CancellationToken.None));
        Assert.IsEmpty(Directory.GetDirectories(_folder.Combine("jobs")));
    }

    // docs/formats/job-record.md promises this file to every later version.
    [TestMethod]
    public void The_format_of_a_record_is_the_documented_one()
    {
        JobSubmission submission = Plans.Submission(Plans.TwoStages(1, 1));
        string text = Text(JobRecordFormat.Record, JobRecord.New(submission, "silo-1 (127.0.0.1:1@2)", Now));
        string expected = """
            {
              "job": "00000000000000070000000000000007",
              "version": 1,
              "epoch": 1,
              "owner": "silo-1 (127.0.0.1:1@2)",
              "name": "test",
              "status": "initializing",
              "submittedAt": "2026-01-02T03:04:05+00:00",
              "attempt": 0,
              "restarts": 0
            }
            """;
        Assert.AreEqual(expected.ReplaceLineEndings("\n"), text[(text.IndexOf('\n') + 1)..].Trim());
        StringAssert.StartsWith(text, "millrace-job-record 1 ");
    }

    private DirectoryJobRecordStore CrashingAt(string step, int occurrence = 1) => new(
        _folder.Combine("jobs"),
        _execution,
        new FileReplacement(reached =>
        {
            if (reached == step && --occurrence == 0)
            {
                throw new CrashException();
            }
        }));

    private static string Text<T>(string kind, T content) =>
        Encoding.UTF8.GetString(JobRecordFormat.Write(kind, content));

    private static JobSubmission FullSubmission()
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

    private static JobRecord FullRecord(JobSubmission submission)
    {
        var graph = new ExecutionGraph(submission.Job, submission.Graph, attempt: 2);
        var attempt = graph.Of(0)[0].Id;
        graph.TryMove(graph.Of(0)[0], ExecutionState.Failed, Now);
        graph.Of(0)[0].Ended(new TaskMetrics(attempt, ExecutionState.Failed, 1, 2, 3, 4, 5, 6) { BytesOut = 7 });
        FailureInfo failure = FailureInfo.Of(new FormatException("bad"), new FailurePlace("v", "o", 0, 2, "f:1", "s"));
        JobDetails details = new(
            submission.Job, "test", JobStatus.Failed, 12, new JobEpoch(3),
            [new StatusTime(JobStatus.Initializing, Now), new StatusTime(JobStatus.Failed, Now)],
            Master.JobView.Vertices(graph), failure, [new FailureTime(failure, Now, attempt)],
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

    private sealed class CrashException : Exception;
}
