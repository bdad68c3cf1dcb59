using System.Text;
using Millrace.Contracts;
using Millrace.Execution;
using Millrace.Execution.Files;
using Millrace.UserCode;

namespace Millrace.Jobs.Storage;

[TestClass]
public sealed class DirectoryJobRecordStoreTests : JobRecordStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SystemExecution _execution = new(new WorkerOptions { Threads = 1 }, null!, TimeProvider.System);

    public void Dispose()
    {
        _execution.Dispose();
        _folder.Dispose();
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
        await Store.TryCreateAsync(submission, first, CancellationToken.None);
        JobRecord next = first.TakenOverBy("two");

        await Assert.ThrowsExactlyAsync<CrashException>(() =>
            CrashingAt(step).TryWriteAsync(next, CancellationToken.None));

        JobRecord stored = (await Store.ReadAsync(submission.Job, CancellationToken.None))!;
        Assert.AreEqual(step == "renamed" ? "two" : "one", stored.Owner);
        Assert.IsTrue(await Store.TryWriteAsync(stored.TakenOverBy("three"), CancellationToken.None));
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

        Assert.IsNull(await Store.ReadAsync(submission.Job, CancellationToken.None));
        Assert.IsEmpty(await Store.ListAsync(CancellationToken.None));
        Assert.IsTrue(await Store.TryCreateAsync(submission, first, CancellationToken.None));
        Assert.IsNotNull(await Store.ReadSubmissionAsync(submission.Job, CancellationToken.None));
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
              "restarts": 0,
              "isPreparing": true,
              "lostPreparing": 0,
              "lostCommitting": 0,
              "isCommitting": false
            }
            """;
        Assert.AreEqual(expected.ReplaceLineEndings("\n"), text[(text.IndexOf('\n') + 1)..].Trim());
        StringAssert.StartsWith(text, "millrace-job-record 1 ");
    }

    [TestMethod]
    public void A_record_without_what_later_versions_write_is_read()
    {
        JobRecord record = JobRecord.New(Plans.Submission(Plans.TwoStages(1, 1)), "silo-1 (127.0.0.1:1@2)", Now) with
        {
            LostCommitting = 2,
        };
        string text = Text(JobRecordFormat.Record, record);
        byte[] body = Encoding.UTF8.GetBytes(text[(text.IndexOf('\n') + 1)..].Trim().Replace(
            ",\n  \"isCommitting\": false", "", StringComparison.Ordinal));
        byte[] head = Encoding.ASCII.GetBytes($"millrace-job-record 1 {JobRecordFormat.ChecksumOf(body)}\n");

        JobRecord read = JobRecordFormat.Read<JobRecord>(JobRecordFormat.Record, "record.json", [.. head, .. body]);

        Assert.IsFalse(read.IsCommitting);
        Assert.AreEqual(2, read.LostCommitting);
    }

    private protected override IJobRecordStore NewStore() =>
        new DirectoryJobRecordStore(_folder.Combine("jobs"), _execution, new FileReplacement());

    private protected override string PlaceOf(JobId job) => _folder.Combine("jobs", job.ToString(), "record.json");

    private protected override Task<byte[]> ReadAsync(JobId job) => File.ReadAllBytesAsync(PlaceOf(job));

    private protected override Task OverwriteAsync(JobId job, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PlaceOf(job))!);
        return File.WriteAllBytesAsync(PlaceOf(job), bytes);
    }

    private protected override Task<IReadOnlyList<string>> LeftAsync() =>
        Task.FromResult<IReadOnlyList<string>>(Directory.GetFileSystemEntries(_folder.Combine("jobs")));

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

    private sealed class CrashException : Exception;
}
