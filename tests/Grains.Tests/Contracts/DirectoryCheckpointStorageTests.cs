using Millrace.Checkpointing.Storage;
using Millrace.Execution;
using Millrace.Execution.Files;
using Millrace.Jobs;
using Millrace.Simulation;
using Millrace.Storage;
using Millrace.Storage.Blobs;
using Millrace.UserCode;

namespace Millrace.Contracts;

[TestClass]
public sealed class DirectoryCheckpointStorageTests : CheckpointStorageContract, IDisposable
{
    private static readonly JobId Job = new(new Id128(3, 4));

    private readonly TemporaryFolder _folder = new();
    private readonly SystemExecution _execution = new(new WorkerOptions { Threads = 1 }, null!, TimeProvider.System);

    public DirectoryCheckpointStorageTests() => Storage = NewStorage(_folder.Combine("checkpoints"));

    private protected override ICheckpointStorage Storage { get; }

    public void Dispose()
    {
        _execution.Dispose();
        _folder.Dispose();
    }

    [TestMethod]
    public async Task Whoever_waits_for_a_read_of_a_file_is_not_blocked_by_it()
    {
        string path = _folder.Combine("a.state");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, Content(7));
        SimulatedExecution threads = new(seed: 1);
        using DirectoryFile file = new(path, threads);
        byte[] read = new byte[file.Length];
        Task reading = file.ReadAsync(0, read, CancellationToken.None);
        Assert.IsFalse(reading.IsCompleted);
        threads.RunUntil(() => reading.IsCompleted);
        await reading;
        CollectionAssert.AreEqual(Content(7), read);
    }

    [TestMethod]
    public async Task A_path_and_a_URI_mean_the_same_directory()
    {
        ICheckpointStorage byUri = NewStorage(new Uri(_folder.Combine("checkpoints")).AbsoluteUri);
        await byUri.WriteAsync(Job, "chk-1-1/a.state", Content(5), CancellationToken.None);
        CollectionAssert.AreEqual(
            Content(5), await Storage.ReadAsync(Job, "chk-1-1/a.state", CancellationToken.None));

        string path = _folder.Combine("elsewhere", "b.state");
        await Storage.WriteAsync(Job, path, Content(6), CancellationToken.None);
        CollectionAssert.AreEqual(
            Content(6), await byUri.ReadAsync(Job, new Uri(path).AbsoluteUri, CancellationToken.None));
        Assert.AreEqual(path, Storage.Describe(Job, new Uri(path).AbsoluteUri));
    }

    // A process that is killed at any step of a write leaves the old file or the new one, nothing in the way of the
    // next write, and what it left goes with the file.
    [TestMethod]
    [DataRow("create")]
    [DataRow("sync")]
    [DataRow("rename")]
    [DataRow("renamed")]
    public async Task A_crash_at_any_step_leaves_the_old_file_or_the_new_one(string step)
    {
        await Storage.WriteAsync(Job, "chk-1-1/a.state", Content(5), CancellationToken.None);
        ICheckpointStorage crashing = NewStorage(_folder.Combine("checkpoints"), reached =>
        {
            if (reached == step)
            {
                throw new CrashException();
            }
        });

        await Assert.ThrowsExactlyAsync<CrashException>(
            () => crashing.WriteAsync(Job, "chk-1-1/a.state", Content(6), CancellationToken.None));

        byte[] found = await Storage.ReadAsync(Job, "chk-1-1/a.state", CancellationToken.None);
        CollectionAssert.AreEqual(Content(step == "renamed" ? 6 : 5), found);
        await Storage.WriteAsync(Job, "chk-1-1/a.state", Content(7), CancellationToken.None);
        CollectionAssert.AreEqual(
            Content(7), await Storage.ReadAsync(Job, "chk-1-1/a.state", CancellationToken.None));

        File.WriteAllText(_folder.Combine("checkpoints", Job.ToString(), "chk-1-1", "a.state.new"), "half");
        Assert.HasCount(2, await Storage.ListAsync(Job, "", CancellationToken.None));
        await Storage.DeleteAsync(Job, ["chk-1-1/a.state"], CancellationToken.None);
        Assert.IsEmpty(await Storage.ListAsync(Job, "", CancellationToken.None));
        Assert.IsFalse(Directory.Exists(_folder.Combine("checkpoints", Job.ToString(), "chk-1-1")));
    }

    [TestMethod]
    public async Task What_stands_in_the_way_is_an_error_that_names_the_path()
    {
        string way = _folder.Combine("checkpoints", Job.ToString());
        Directory.CreateDirectory(_folder.Combine("checkpoints"));
        File.WriteAllText(way, "a file where a directory is to be");
        IOException refused = await Assert.ThrowsAsync<IOException>(
            () => Storage.WriteAsync(Job, "chk-1-1/a.state", Content(6), CancellationToken.None));
        StringAssert.Contains(refused.Message, way);
    }

    // URIs are escaped: a savepoint's path may have any character in it.
    private protected override string Elsewhere(string name) =>
        "file://" + string.Join('/', _folder.Combine(name.Split('/')).Split('/').Select(Uri.EscapeDataString));

    private CheckpointStorage NewStorage(string location, Action<string>? reached = null) =>
        new(
            location,
            new FileSystems(
                new DirectoryFileSystem(_execution, new FileReplacement(reached)),
                new AzureBlobFileSystem(new AzureStorageOptions(), _execution)));

    private sealed class CrashException : Exception;
}
