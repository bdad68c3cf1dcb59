using Millrace.Checkpointing.Storage;
using Millrace.Execution.Files;
using Millrace.Jobs;
using Millrace.Simulation;

namespace Millrace.Tasks.Checkpointing.Copies;

[TestClass]
public sealed class LocalCopiesTests
{
    private static readonly ExecutionAttemptId First = new(Plans.Job, Plans.VertexOf("map"), 0, 0);
    private static readonly ExecutionAttemptId Second = new(Plans.Job, Plans.VertexOf("map"), 1, 0);

    private readonly SimulatedExecution _execution = new(seed: 1);
    private readonly SimulatedCheckpoints _checkpoints;

    public LocalCopiesTests() => _checkpoints = new SimulatedCheckpoints(_execution, failures: 0);

    [TestMethod]
    public void What_is_written_is_read_from_the_disk_of_the_silo()
    {
        using SiloCheckpointStorage storage = Over(new LocalStateOptions());
        byte[] bytes = Bytes(3_000_000);
        Write(storage, NameOf(First, 1), bytes);

        CollectionAssert.AreEqual(bytes, Read(storage, NameOf(First, 1)));
        Assert.AreEqual((1, 0), (storage.CopiesRead, storage.FilesRead));
        Assert.AreEqual(0, _checkpoints.Opened);
        Assert.AreEqual(bytes.Length, storage.Copies!.UsedBytes);
    }

    [TestMethod]
    public void Whoever_waits_for_a_read_of_a_copy_is_not_blocked_by_it()
    {
        using SiloCheckpointStorage storage = Over(new LocalStateOptions());
        byte[] bytes = Bytes(100_000);
        Write(storage, NameOf(First, 1), bytes);
        using StoredFile opened = Open(storage, NameOf(First, 1));
        byte[] read = new byte[bytes.Length];
        Task reading = opened.ReadAsync(0, read, CancellationToken.None);
        Assert.IsFalse(reading.IsCompleted);
        Run(() => reading);
        CollectionAssert.AreEqual(bytes, read);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_copy_that_is_damaged_or_cut_short_is_passed_over_and_removed(bool isCut)
    {
        using SiloCheckpointStorage storage = Over(new LocalStateOptions());
        byte[] bytes = Bytes(100_000);
        Write(storage, NameOf(First, 1), bytes);
        Assert.IsTrue(isCut ? _execution.Disk.CutOff() : _execution.Disk.Damage());

        CollectionAssert.AreEqual(bytes, Read(storage, NameOf(First, 1)));
        Assert.AreEqual((0, 1), (storage.CopiesRead, storage.FilesRead));
        Assert.AreEqual((0, 0L), (storage.Copies!.Files, storage.Copies.UsedBytes));
        Assert.IsEmpty(_execution.Disk.Paths);
    }

    // Whoever restores from it would be told that it is missing, as if there were no copy.
    [TestMethod]
    public void There_is_no_copy_of_what_was_not_written()
    {
        using SiloCheckpointStorage storage = Over(new LocalStateOptions());
        _checkpoints.FailsAlways = true;

        Assert.ThrowsExactly<IOException>(() => Write(storage, NameOf(First, 1), Bytes(1_000)));
        Assert.AreEqual((0, 0L), (storage.Copies!.Files, storage.Copies.UsedBytes));
        Assert.IsEmpty(_execution.Disk.Paths);
    }

    [TestMethod]
    public void A_full_disk_costs_the_copy_and_nothing_else()
    {
        using SiloCheckpointStorage storage = Over(new LocalStateOptions());
        _execution.Disk.Capacity = 10;
        byte[] bytes = Bytes(1_000);
        Write(storage, NameOf(First, 1), bytes);

        CollectionAssert.AreEqual(bytes, Read(storage, NameOf(First, 1)));
        Assert.AreEqual((0, 0L), (storage.Copies!.Files, storage.Copies.UsedBytes));
        Assert.AreEqual(1, storage.FilesRead);
    }

    [TestMethod]
    public void Savepoints_are_not_copied()
    {
        using SiloCheckpointStorage storage = Over(new LocalStateOptions());
        Write(storage, SavepointFiles.State("sim://place", First), Bytes(1_000));

        Assert.AreEqual(0, storage.Copies!.Files);
    }

    [TestMethod]
    public void Of_more_bytes_than_are_allowed_the_oldest_go()
    {
        using SiloCheckpointStorage storage = Over(new LocalStateOptions { MaxBytes = 1 << 20 });
        for (int checkpoint = 1; checkpoint <= 4; checkpoint++)
        {
            Write(storage, NameOf(First, checkpoint), Bytes(400_000));
        }

        Write(storage, NameOf(First, 5), Bytes(2 << 20));
        Assert.AreEqual(0, storage.Copies!.Files, "what is too much for itself has made room in vain");
        Write(storage, NameOf(First, 6), Bytes(400_000));
        Write(storage, NameOf(First, 7), Bytes(400_000));
        Write(storage, NameOf(First, 8), Bytes(400_000));
        Assert.AreEqual((2, 800_000L), (storage.Copies.Files, storage.Copies.UsedBytes));
        Read(storage, NameOf(First, 6));
        Assert.AreEqual(1, storage.FilesRead);
        Read(storage, NameOf(First, 7));
        Assert.AreEqual(1, storage.CopiesRead);
    }

    [TestMethod]
    public void Of_more_files_than_are_allowed_the_oldest_go()
    {
        using SiloCheckpointStorage storage = Over(new LocalStateOptions { MaxFiles = 3 });
        for (int checkpoint = 1; checkpoint <= 5; checkpoint++)
        {
            Write(storage, NameOf(First, checkpoint), Bytes(10));
        }

        Assert.AreEqual(3, storage.Copies!.Files);
        Read(storage, NameOf(First, 2));
        Read(storage, NameOf(First, 3));
        Assert.AreEqual((1, 1), (storage.CopiesRead, storage.FilesRead));
    }

    [TestMethod]
    public void When_a_part_is_complete_only_its_files_stay_of_the_subtask()
    {
        using SiloCheckpointStorage storage = Over(new LocalStateOptions());
        ExecutionAttemptId again = First with { Attempt = 1 };
        foreach (string name in new[] { NameOf(First, 1), NameOf(First, 2), NameOf(Second, 2), NameOf(again, 3) })
        {
            Write(storage, name, Bytes(10));
        }

        Write(storage, NameOf(again, 4), Bytes(10));
        storage.Copies!.Superseded(again, 3, new HashSet<string> { NameOf(First, 1), NameOf(again, 3) });

        Assert.AreEqual(4, storage.Copies.Files);
        Read(storage, NameOf(First, 2));
        Assert.AreEqual(1, storage.FilesRead);
        CollectionAssert.AreEqual(new[] { Plans.Job }, storage.Copies.Jobs().ToArray());
        storage.Copies.Forget(Plans.Job);
        Assert.AreEqual(0, storage.Copies.Files);
        Assert.IsEmpty(_execution.Disk.Paths);
    }

    // The job ends, or another checkpoint is complete, while somebody reads.
    [TestMethod]
    public void A_copy_that_is_read_goes_when_its_reader_is_done()
    {
        using SiloCheckpointStorage storage = Over(new LocalStateOptions());
        byte[] bytes = Bytes(1_000);
        Write(storage, NameOf(First, 1), bytes);
        StoredFile opened = Open(storage, NameOf(First, 1));
        storage.Copies!.Forget(Plans.Job);
        byte[] read = new byte[600];
        opened.Read(400, read, CancellationToken.None);

        CollectionAssert.AreEqual(bytes[400..], read);
        Assert.ThrowsExactly<EndOfStreamException>(() => opened.Read(401, read, CancellationToken.None));
        Assert.HasCount(1, _execution.Disk.Paths);
        opened.Dispose();
        Assert.IsEmpty(_execution.Disk.Paths);
        Assert.AreEqual(0, storage.Copies.Files);
    }

    [TestMethod]
    [DataRow("chk-7-2/{0}-3-1.state", true)]
    [DataRow("chk-7-2/metadata.json", false)]
    [DataRow("chk-7-2/{0}-x-1.state", false)]
    [DataRow("sim://place/{0}-3-1.state", false)]
    [DataRow("{0}-3-1.state", false)]
    public void A_file_is_copied_whose_name_says_whose_state_it_is(string pattern, bool isCopied)
    {
        VertexId vertex = Plans.VertexOf("map");
        string name = string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, vertex);

        Assert.AreEqual(isCopied ? new CopiedFile(name, 7, vertex, 3) : null, CopiedFile.Of(name));
    }

    private SiloCheckpointStorage Over(LocalStateOptions options) =>
        new(_checkpoints, new LocalCopies(_execution, options));

    private static string NameOf(ExecutionAttemptId attempt, long checkpoint) =>
        CheckpointFiles.State(new CheckpointReference(checkpoint, new JobEpoch(1)), attempt);

    private static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    private void Write(SiloCheckpointStorage storage, string file, byte[] bytes) => Run(() => storage.WriteAsync(
        Plans.Job,
        file,
        async (stream, cancellation) =>
        {
            // Both ways, as writers do.
            stream.Write(bytes.AsSpan(0, bytes.Length / 2));
            await stream.WriteAsync(bytes.AsMemory(bytes.Length / 2), cancellation);
        },
        CancellationToken.None));

    private byte[] Read(SiloCheckpointStorage storage, string file)
    {
        using StoredFile opened = Open(storage, file);
        byte[] bytes = new byte[opened.Length];
        opened.Read(0, bytes, CancellationToken.None);
        return bytes;
    }

    private StoredFile Open(SiloCheckpointStorage storage, string file)
    {
        StoredFile? opened = null;
        Run(async () => opened = await storage.OpenReadAsync(Plans.Job, file, CancellationToken.None));
        return opened!;
    }

    private void Run(Func<Task> work)
    {
        Task task = _execution.RunAsync(work);
        _execution.RunUntil(() => task.IsCompleted);
        task.GetAwaiter().GetResult();
    }
}
