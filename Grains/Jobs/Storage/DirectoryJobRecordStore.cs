using System.Collections.Immutable;
using Millrace.Execution;
using Millrace.Execution.Files;
using Millrace.Storage;

namespace Millrace.Jobs.Storage;

/// <summary>Keeps each job in a directory of its own: <c>submission.json</c>, written once, and
/// <c>record.json</c>.</summary>
/// <remarks>
/// A job exists from the moment its <c>record.json</c> does. Files are written aside, synced and renamed, so that a
/// process
/// killed at any point leaves the old one or the new one. A write compares versions while it holds the job's lock file,
/// which the kernel frees when its process dies.
/// </remarks>
internal sealed class DirectoryJobRecordStore : IJobRecordStore
{
    private const string RecordFile = "record.json";
    private const string SubmissionFile = "submission.json";
    private const string LockFile = "lock";

    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(5);

    private readonly string _directory;
    private readonly IExecution _execution;
    private readonly FileReplacement _files;

    public DirectoryJobRecordStore(string directory, IExecution execution, FileReplacement files)
    {
        _directory = StorageLocation.RootOf(directory);
        _execution = execution;
        _files = files;
    }

    public async Task<bool> TryCreateAsync(
        JobSubmission submission, JobRecord record, CancellationToken cancellationToken)
    {
        DirectoryEntries.Create(DirectoryOf(record.Job));
        await using FileStream lease = await LockAsync(record.Job, cancellationToken);
        return await RunAsync(() =>
        {
            if (File.Exists(PathOf(record.Job, RecordFile)))
            {
                return false;
            }

            // The record last: without it there is no job, and a submission beside it is overwritten.
            _files.Replace(
                PathOf(record.Job, SubmissionFile), JobRecordFormat.Write(JobRecordFormat.Submission, submission));
            _files.Replace(PathOf(record.Job, RecordFile), JobRecordFormat.Write(JobRecordFormat.Record, record));
            return true;
        });
    }

    public Task<JobRecord?> ReadAsync(JobId job, CancellationToken cancellationToken) => RunAsync(() => Read(job));

    public Task<JobSubmission> ReadSubmissionAsync(JobId job, CancellationToken cancellationToken) => RunAsync(() =>
    {
        string path = PathOf(job, SubmissionFile);
        byte[] bytes = ReadIfThere(path) ?? throw new JobRecordCorruptedException(path, "it is missing.");
        JobSubmission submission = JobRecordFormat.Read<JobSubmission>(JobRecordFormat.Submission, path, bytes);
        return submission.Job == job
            ? submission
            : throw new JobRecordCorruptedException(path, $"it belongs to job {submission.Job}.");
    });

    public async Task<bool> TryWriteAsync(JobRecord record, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(DirectoryOf(record.Job)))
        {
            return false;
        }

        await using FileStream lease = await LockAsync(record.Job, cancellationToken);
        return await RunAsync(() =>
        {
            if (Read(record.Job)?.Version != record.Version - 1)
            {
                return false;
            }

            _files.Replace(PathOf(record.Job, RecordFile), JobRecordFormat.Write(JobRecordFormat.Record, record));
            return true;
        });
    }

    public Task<ImmutableArray<StoredJob>> ListAsync(CancellationToken cancellationToken) => RunAsync(() =>
    {
        ImmutableArray<StoredJob>.Builder jobs = ImmutableArray.CreateBuilder<StoredJob>();
        if (!Directory.Exists(_directory))
        {
            return jobs.ToImmutable();
        }

        foreach (string directory in Directory.EnumerateDirectories(_directory))
        {
            if (Id128.TryParse(Path.GetFileName(directory), out Id128 id) && Stored(new JobId(id)) is { } stored)
            {
                jobs.Add(stored);
            }
        }

        return jobs.ToImmutable();
    });

    public async Task DeleteAsync(JobId job, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(DirectoryOf(job)))
        {
            return;
        }

        await using FileStream lease = await LockAsync(job, cancellationToken);
        await RunAsync(() =>
        {
            // The record first: what is left by a crash in between is no job any more.
            File.Delete(PathOf(job, RecordFile));
            Directory.Delete(DirectoryOf(job), recursive: true);
            return true;
        });
    }

    private StoredJob? Stored(JobId job)
    {
        try
        {
            return Read(job) is { } record ? new StoredJob(job, record, null) : null;
        }
        catch (Exception exception) when (exception is JobRecordCorruptedException or IOException)
        {
            return new StoredJob(job, null, exception.Message);
        }
    }

    private JobRecord? Read(JobId job)
    {
        string path = PathOf(job, RecordFile);
        if (ReadIfThere(path) is not { } bytes)
        {
            return null;
        }

        JobRecord record = JobRecordFormat.Read<JobRecord>(JobRecordFormat.Record, path, bytes);
        return record.Job == job
            ? record
            : throw new JobRecordCorruptedException(path, $"it belongs to job {record.Job}.");
    }

    private static byte[]? ReadIfThere(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private async Task<FileStream> LockAsync(JobId job, CancellationToken cancellationToken)
    {
        string path = PathOf(job, LockFile);
        long started = _execution.Time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception) when (exception.GetType() == typeof(IOException))
            {
                if (_execution.Time.GetElapsedTime(started) > LockTimeout)
                {
                    throw new TimeoutException(
                        $"'{path}' was locked by another process for {LockTimeout.TotalSeconds:0} s.", exception);
                }
            }

            await _execution.DelayAsync(LockRetry, cancellationToken);
        }
    }

    private string DirectoryOf(JobId job) => Path.Combine(_directory, job.ToString());

    private string PathOf(JobId job, string file) => Path.Combine(_directory, job.ToString(), file);

    // Waits for the disk, so neither on a grain's scheduler nor on the pool.
    private async Task<T> RunAsync<T>(Func<T> work)
    {
        T result = default!;
        await _execution.RunBlockingAsync("job records", () => result = work());
        return result;
    }
}
