using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Checkpointing;
using Millrace.Checkpointing.Storage;
using Millrace.Execution;
using Millrace.Execution.Files;
using Millrace.Storage;
using Millrace.Storage.Blobs;
using Millrace.UserCode;

namespace Millrace.Jobs.Storage;

[TestClass]
public sealed class JobRetentionTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly SystemExecution _execution = new(new WorkerOptions { Threads = 1 }, null!, TimeProvider.System);
    private readonly DirectoryJobRecordStore _records;
    private readonly UnsteadyFiles _files;
    private readonly CheckpointStorage _checkpoints;
    private readonly JobRetention _retention;

    public JobRetentionTests()
    {
        _records = new DirectoryJobRecordStore(_folder.Combine("jobs"), _execution, new FileReplacement());
        _files = new UnsteadyFiles(new DirectoryFileSystem(_execution, new FileReplacement()));
        _checkpoints = new CheckpointStorage(
            _folder.Combine("checkpoints"),
            new FileSystems(_files, new AzureBlobFileSystem(new AzureStorageOptions(), _execution)));
        _retention = new JobRetention(
            _records, new CheckpointStore(_checkpoints, _execution, NullLogger<CheckpointStore>.Instance));
    }

    public void Dispose()
    {
        _execution.Dispose();
        _folder.Dispose();
    }

    // Without its record nobody would ever look for the files again.
    [TestMethod]
    public async Task A_record_stays_until_the_files_of_its_job_are_removed()
    {
        JobId job = await EndedJobAsync(checkpoints: null);
        _files.RefusesToDelete = true;
        Assert.IsFalse(await _retention.TryForgetAsync(job, CancellationToken.None));
        Assert.IsNotNull(await _records.ReadAsync(job, CancellationToken.None));
        Assert.HasCount(1, await FilesAsync(job));

        _files.RefusesToDelete = false;
        Assert.IsTrue(await _retention.TryForgetAsync(job, CancellationToken.None));
        Assert.IsNull(await _records.ReadAsync(job, CancellationToken.None));
        Assert.IsEmpty(await FilesAsync(job));
    }

    [TestMethod]
    public async Task Checkpoints_that_a_job_leaves_for_good_outlive_its_record()
    {
        JobId job = await EndedJobAsync(
            new CheckpointSettings(TimeSpan.FromSeconds(1)) { RetainOnCancellation = true });
        Assert.IsTrue(await _retention.TryForgetAsync(job, CancellationToken.None));
        Assert.IsNull(await _records.ReadAsync(job, CancellationToken.None));
        Assert.HasCount(1, await FilesAsync(job));
    }

    private async Task<JobId> EndedJobAsync(CheckpointSettings? checkpoints)
    {
        JobSubmission submission = Plans.Submission(Plans.TwoStages(1, 1));
        submission = submission with
        {
            Graph = submission.Graph with
            {
                Settings = submission.Graph.Settings with { Checkpoints = checkpoints },
            },
        };
        await _records.TryCreateAsync(submission, JobRecord.New(submission, "one", Now), CancellationToken.None);
        await _checkpoints.WriteAsync(submission.Job, "chk-1-1/a.state", new byte[3], CancellationToken.None);
        return submission.Job;
    }

    private Task<IReadOnlyList<string>> FilesAsync(JobId job) =>
        _checkpoints.ListAsync(job, "", CancellationToken.None);

    /// <summary>Files that cannot be removed for a while.</summary>
    private sealed class UnsteadyFiles(IFileSystem files) : IFileSystem
    {
        public bool RefusesToDelete { get; set; }

        public Task WriteAsync(
            string address, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
            files.WriteAsync(address, write, cancellationToken);

        public Task<byte[]> ReadAsync(string address, CancellationToken cancellationToken) =>
            files.ReadAsync(address, cancellationToken);

        public Task<StoredFile> OpenReadAsync(string address, CancellationToken cancellationToken) =>
            files.OpenReadAsync(address, cancellationToken);

        public Task<IReadOnlyList<string>> ListAsync(string folder, CancellationToken cancellationToken) =>
            files.ListAsync(folder, cancellationToken);

        public Task DeleteAsync(IReadOnlyCollection<string> addresses, CancellationToken cancellationToken) =>
            RefusesToDelete
                ? throw new IOException("not now")
                : files.DeleteAsync(addresses, cancellationToken);

        public Task DeleteFolderAsync(string folder, CancellationToken cancellationToken) =>
            RefusesToDelete ? throw new IOException("not now") : files.DeleteFolderAsync(folder, cancellationToken);

        public string Describe(string address) => files.Describe(address);
    }
}
