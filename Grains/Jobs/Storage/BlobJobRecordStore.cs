using System.Collections.Concurrent;
using System.Collections.Immutable;
using Azure;
using Millrace.Execution;
using Millrace.Storage;
using Millrace.Storage.Blobs;

namespace Millrace.Jobs.Storage;

/// <summary>Keeps each job in a folder of blobs: its submission, written once, and <c>record.json</c>.</summary>
/// <remarks>
/// A job exists from the moment its <c>record.json</c> does, and that blob notes which submission is the job's: of two
/// who create a job at once, each has written one of its own. A record is written in place of the version that was
/// read, or not at all, by the service's conditional write.
/// </remarks>
internal sealed class BlobJobRecordStore(string location, AzureBlobFileSystem blobs, IExecution execution)
    : IJobRecordStore
{
    private const string RecordName = "record.json";
    private const string SubmissionNote = "submission";

    private readonly string _root = StorageLocation.RootOf(location);
    private readonly ConcurrentDictionary<JobId, Seen> _seen = [];

    public Task<bool> TryCreateAsync(
        JobSubmission submission, JobRecord record, CancellationToken cancellationToken) => RunAsync(async () =>
    {
        if (await blobs.ExistsAsync(RecordOf(record.Job), cancellationToken))
        {
            return false;
        }

        // The record last: without it there is no job, and a submission beside it is nobody's.
        string name = $"submission-{execution.NewId():n}.json";
        byte[] bytes = JobRecordFormat.Write(JobRecordFormat.Submission, submission);
        string address = $"{_root}/{record.Job}/{name}";
        await blobs.WriteAsync(
            address, (stream, cancellation) => stream.WriteAsync(bytes, cancellation).AsTask(), cancellationToken);
        bool isNew = await blobs.TryWriteAsync(
            RecordOf(record.Job),
            JobRecordFormat.Write(JobRecordFormat.Record, record),
            before: null,
            new Dictionary<string, string> { [SubmissionNote] = name },
            cancellationToken);
        if (!isNew)
        {
            await blobs.DeleteAsync([address], cancellationToken);
        }

        return isNew;
    });

    public Task<JobRecord?> ReadAsync(JobId job, CancellationToken cancellationToken) => RunAsync(async () =>
        await blobs.TryReadAsync(RecordOf(job), cancellationToken) is { } found ? Record(job, found) : null);

    public Task<JobSubmission> ReadSubmissionAsync(
        JobId job, CancellationToken cancellationToken) => RunAsync(async () =>
    {
        StoredBlob record = await blobs.TryReadAsync(RecordOf(job), cancellationToken)
            ?? throw new JobRecordCorruptedException(RecordOf(job), "it is missing.");
        string address = record.Metadata.TryGetValue(SubmissionNote, out string? name)
            ? $"{_root}/{job}/{name}"
            : throw new JobRecordCorruptedException(RecordOf(job), $"it has no metadata '{SubmissionNote}'.");
        try
        {
            byte[] bytes = await blobs.ReadAsync(address, cancellationToken);
            JobSubmission submission = JobRecordFormat.Read<JobSubmission>(JobRecordFormat.Submission, address, bytes);
            return submission.Job == job
                ? submission
                : throw new JobRecordCorruptedException(address, $"it belongs to job {submission.Job}.");
        }
        catch (FileNotFoundException)
        {
            throw new JobRecordCorruptedException(address, "it is missing.");
        }
    });

    public Task<bool> TryWriteAsync(JobRecord record, CancellationToken cancellationToken) => RunAsync(async () =>
    {
        string address = RecordOf(record.Job);
        StoredBlob? found = await blobs.TryReadAsync(address, cancellationToken);
        return found is not null
            && Record(record.Job, found).Version == record.Version - 1
            && await blobs.TryWriteAsync(
                address,
                JobRecordFormat.Write(JobRecordFormat.Record, record),
                found.Tag,
                found.Metadata,
                cancellationToken);
    });

    public Task<ImmutableArray<StoredJob>> ListAsync(CancellationToken cancellationToken) => RunAsync(async () =>
    {
        IReadOnlyList<ListedBlob> listed = await blobs.ListBlobsAsync(_root, cancellationToken);
        Dictionary<JobId, ETag> records = [];
        foreach (ListedBlob blob in listed)
        {
            string[] parts = blob.Name.Split('/');
            if (parts is [{ } job, RecordName] && Id128.TryParse(job, out Id128 id))
            {
                records.Add(new JobId(id), blob.Tag);
            }
        }

        foreach (JobId gone in _seen.Keys.Where(job => !records.ContainsKey(job)))
        {
            _seen.TryRemove(gone, out _);
        }

        StoredJob?[] jobs = await Task.WhenAll(
            records.Select(record => StoredAsync(record.Key, record.Value, cancellationToken)));
        return jobs.OfType<StoredJob>().ToImmutableArray();
    });

    public Task DeleteAsync(JobId job, CancellationToken cancellationToken) => RunAsync(async () =>
    {
        // The record first: what is left by a crash in between is no job any more.
        await blobs.DeleteAsync([RecordOf(job)], cancellationToken);
        await blobs.DeleteFolderAsync($"{_root}/{job}", cancellationToken);
        return true;
    });

    // Every silo looks after all jobs every few seconds: what has not changed is not fetched again.
    private async Task<StoredJob?> StoredAsync(JobId job, ETag listed, CancellationToken cancellationToken)
    {
        if (_seen.TryGetValue(job, out Seen? seen) && seen.Tag == listed)
        {
            return seen.Job;
        }

        try
        {
            if (await blobs.TryReadAsync(RecordOf(job), cancellationToken) is not { } found)
            {
                return null;
            }

            StoredJob stored = new(job, Record(job, found), null);
            _seen[job] = new Seen(found.Tag, stored);
            return stored;
        }
        catch (Exception exception) when (
            exception is JobRecordCorruptedException or IOException or UnauthorizedAccessException)
        {
            return new StoredJob(job, null, exception.Message);
        }
    }

    private JobRecord Record(JobId job, StoredBlob found)
    {
        string address = RecordOf(job);
        JobRecord record = JobRecordFormat.Read<JobRecord>(JobRecordFormat.Record, address, found.Bytes);
        return record.Job == job
            ? record
            : throw new JobRecordCorruptedException(address, $"it belongs to job {record.Job}.");
    }

    private string RecordOf(JobId job) => $"{_root}/{job}/{RecordName}";

    // Records may be large, and grains call this.
    private async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        T result = default!;
        await execution.RunAsync(async () => result = await work());
        return result;
    }

    private sealed record Seen(ETag Tag, StoredJob Job);
}
