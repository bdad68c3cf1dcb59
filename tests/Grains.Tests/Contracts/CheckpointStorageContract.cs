using Millrace.Checkpointing;
using Millrace.Checkpointing.Storage;
using Millrace.Execution.Files;
using Millrace.Jobs;

namespace Millrace.Contracts;

/// <summary>What every storage of checkpoints promises (<see cref="ICheckpointStorage"/>).</summary>
public abstract class CheckpointStorageContract
{
    private static readonly JobId Job = new(new Id128(7, 1));
    private static readonly JobId Other = new(new Id128(7, 2));
    private static readonly CheckpointReference First = new(1, new JobEpoch(1));
    private static readonly CheckpointReference Second = new(12, new JobEpoch(1));

    private protected abstract ICheckpointStorage Storage { get; }

    /// <summary>An address outside all jobs, of the kind that the storage keeps.</summary>
    private protected abstract string Elsewhere(string name);

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(100_000)]
    public async Task What_is_written_is_read_back(int bytes)
    {
        byte[] content = Content(bytes);
        await Storage.WriteAsync(Job, "chk-1-1/a.state", content, CancellationToken.None);
        CollectionAssert.AreEqual(content, await ReadAsync("chk-1-1/a.state"));
    }

    // Pieces that fit no buffer of anybody, by both kinds of writing.
    [TestMethod]
    public async Task What_is_streamed_in_is_what_is_read_and_streamed_out()
    {
        byte[] content = Content(3_000_017);
        await Storage.WriteAsync(Job, "chk-1-1/a.state", WriteAsync, CancellationToken.None);

        CollectionAssert.AreEqual(content, await ReadAsync("chk-1-1/a.state"));
        using StoredFile file = await Storage.OpenReadAsync(Job, "chk-1-1/a.state", CancellationToken.None);
        Assert.AreEqual(content.Length, file.Length);
        byte[] copy = new byte[content.Length];
        await file.ReadAsync(0, copy, CancellationToken.None);
        CollectionAssert.AreEqual(content, copy);

        async Task WriteAsync(Stream into, CancellationToken cancellationToken)
        {
            bool wait = false;
            foreach (byte[] piece in content.Chunk(33_333))
            {
                wait = !wait;
                if (wait)
                {
                    await into.WriteAsync(piece, cancellationToken);
                    continue;
                }

                into.Write(piece);
            }
        }
    }

    // Many at once, of which none knows of the others.
    [TestMethod]
    public async Task Readers_may_begin_anywhere()
    {
        byte[] content = Content(900_001);
        await Storage.WriteAsync(Job, "chk-1-1/a.state", content, CancellationToken.None);
        using StoredFile file = await Storage.OpenReadAsync(Job, "chk-1-1/a.state", CancellationToken.None);
        int[] places = [899_990, 0, 450_000, 450_001, 1, 900_001];
        await Task.WhenAll(places.Select(at => Task.Run(async () =>
        {
            byte[] some = new byte[Math.Min(700_000, content.Length - at)];
            await file.ReadAsync(at, some, CancellationToken.None);
            CollectionAssert.AreEqual(content[at..(at + some.Length)], some, $"from {at}");
            byte[] less = new byte[Math.Min(3, some.Length)];
            file.Read(at, less, CancellationToken.None);
            CollectionAssert.AreEqual(some[..less.Length], less, $"from {at} again");
        })));

        EndOfStreamException beyond = await Assert.ThrowsExactlyAsync<EndOfStreamException>(
            () => file.ReadAsync(900_000, new byte[2], CancellationToken.None));
        StringAssert.Contains(beyond.Message, "900001");
        Assert.ThrowsExactly<EndOfStreamException>(
            () => file.Read(900_002, Array.Empty<byte>(), CancellationToken.None));
    }

    [TestMethod]
    public async Task A_file_is_replaced_also_by_a_shorter_one()
    {
        await Storage.WriteAsync(Job, "chk-1-1/a.state", Content(70_000), CancellationToken.None);
        await Storage.WriteAsync(Job, "chk-1-1/a.state", new byte[] { 1, 2, 3 }, CancellationToken.None);
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, await ReadAsync("chk-1-1/a.state"));
    }

    [TestMethod]
    public async Task A_writer_that_gives_up_leaves_what_was_there()
    {
        await AssertGivesUpAsync<FormatException>((_, _) => throw new FormatException("no more"));
        Assert.IsEmpty(await Storage.ListAsync(Job, "", CancellationToken.None));

        await Storage.WriteAsync(Job, "chk-1-1/a.state", new byte[] { 1, 2, 3 }, CancellationToken.None);
        await AssertGivesUpAsync<FormatException>((_, _) => throw new FormatException("no more"));
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, await ReadAsync("chk-1-1/a.state"));
        Assert.HasCount(1, await Storage.ListAsync(Job, "", CancellationToken.None));
    }

    [TestMethod]
    public async Task A_canceled_write_leaves_what_was_there()
    {
        using CancellationTokenSource canceled = new();
        await Storage.WriteAsync(Job, "chk-1-1/a.state", new byte[] { 1, 2, 3 }, CancellationToken.None);
        await AssertGivesUpAsync<OperationCanceledException>(
            async (stream, cancellationToken) =>
            {
                await canceled.CancelAsync();
                await stream.WriteAsync(new byte[10], cancellationToken);
            },
            canceled.Token);
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, await ReadAsync("chk-1-1/a.state"));
    }

    // What is written may be memory that others use as soon as the write has ended, whatever came of it.
    [TestMethod]
    public async Task A_write_that_is_given_up_ends_no_earlier_than_whoever_writes()
    {
        using CancellationTokenSource canceled = new();
        bool isWriting = false;
        await AssertGivesUpAsync<OperationCanceledException>(
            async (stream, cancellationToken) =>
            {
                isWriting = true;
                TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
                await using CancellationTokenRegistration registration = cancellationToken.Register(told.SetResult);
                await canceled.CancelAsync();
                await told.Task;
                for (int i = 0; i < 20_000; i++)
                {
                    // It does not look at the token, and takes its time.
                    Content(300);
                }

                isWriting = false;
            },
            canceled.Token);
        Assert.IsFalse(isWriting, "the write had ended before");
    }

    // Nobody sees a part of a file: not while it is written, and not of the one that it replaces.
    [TestMethod]
    public async Task Whoever_reads_meanwhile_sees_the_old_file()
    {
        byte[] old = Content(200_000);
        await Storage.WriteAsync(Job, "chk-1-1/a.state", old, CancellationToken.None);
        await Storage.WriteAsync(
            Job,
            "chk-1-1/a.state",
            async (stream, cancellationToken) =>
            {
                await stream.WriteAsync(Content(2_000_000), cancellationToken);
                CollectionAssert.AreEqual(old, await ReadAsync("chk-1-1/a.state"));
                await stream.WriteAsync(new byte[] { 9 }, cancellationToken);
            },
            CancellationToken.None);
        Assert.HasCount(2_000_001, await ReadAsync("chk-1-1/a.state"));
    }

    [TestMethod]
    public async Task A_file_that_is_not_there_is_named()
    {
        await Storage.WriteAsync(Job, "chk-1-1/a.state", Content(1), CancellationToken.None);
        foreach (string file in new[] { "chk-1-1/b.state", "chk-2-1/a.state", Elsewhere("none/a.state") })
        {
            CheckpointCorruptedException missing = await Assert.ThrowsExactlyAsync<CheckpointCorruptedException>(
                () => Storage.ReadAsync(Job, file, CancellationToken.None));
            StringAssert.Contains(missing.Message, Storage.Describe(Job, file));
            missing = await Assert.ThrowsExactlyAsync<CheckpointCorruptedException>(
                () => Storage.OpenReadAsync(Job, file, CancellationToken.None));
            StringAssert.Contains(missing.Message, Storage.Describe(Job, file));
        }
    }

    [TestMethod]
    public async Task A_checkpoint_is_removed_and_no_other()
    {
        await WriteSeveralAsync();
        await Storage.DeleteAsync(Job, First, CancellationToken.None);
        await Storage.DeleteAsync(Job, First, CancellationToken.None);
        await AssertFilesAsync(Job, "chk-12-1/a.state", "shared/s.state");
        await AssertFilesAsync(Other, "chk-1-1/a.state");
    }

    [TestMethod]
    public async Task Files_are_removed_one_by_one_whether_they_are_there_or_not()
    {
        await WriteSeveralAsync();
        string savepoint = Elsewhere("savepoint-1/a.state");
        await Storage.WriteAsync(Job, savepoint, Content(3), CancellationToken.None);
        string[] files = ["chk-1-1/a.state", "chk-1-1/none.state", "none/none.state", "shared/s.state", savepoint];
        await Storage.DeleteAsync(Job, files, CancellationToken.None);
        await Storage.DeleteAsync(Job, files, CancellationToken.None);
        await Storage.DeleteAsync(Job, [], CancellationToken.None);

        await AssertFilesAsync(Job, "chk-1-1/metadata.json", "chk-12-1/a.state");
        Assert.IsEmpty(await Storage.ListAsync(Job, Elsewhere("savepoint-1"), CancellationToken.None));
    }

    [TestMethod]
    public async Task A_job_is_removed_and_what_is_elsewhere_stays()
    {
        await WriteSeveralAsync();
        await Storage.WriteAsync(Job, Elsewhere("savepoint-1/a.state"), Content(3), CancellationToken.None);
        await Storage.DeleteAsync(Job, CancellationToken.None);
        await Storage.DeleteAsync(Job, CancellationToken.None);

        await AssertFilesAsync(Job);
        await AssertFilesAsync(Other, "chk-1-1/a.state");
        Assert.HasCount(3, await ReadAsync(Elsewhere("savepoint-1/a.state")));
    }

    [TestMethod]
    public async Task What_is_listed_is_named_from_its_folder_on()
    {
        await WriteSeveralAsync();
        await AssertFilesAsync(Job, "chk-1-1/a.state", "chk-1-1/metadata.json", "chk-12-1/a.state", "shared/s.state");
        IReadOnlyList<string> some = await Storage.ListAsync(Job, "chk-1-1", CancellationToken.None);
        CollectionAssert.AreEqual(new[] { "a.state", "metadata.json" }, some.ToArray());
        Assert.IsEmpty(await Storage.ListAsync(Job, "chk-1", CancellationToken.None));

        await Storage.WriteAsync(Job, Elsewhere("savepoint-1/part/a.state"), Content(3), CancellationToken.None);
        some = await Storage.ListAsync(Other, Elsewhere("savepoint-1"), CancellationToken.None);
        CollectionAssert.AreEqual(new[] { "part/a.state" }, some.ToArray());
    }

    // An absolute address means the same file whichever job asks.
    [TestMethod]
    public async Task A_file_elsewhere_belongs_to_nobody()
    {
        string file = Elsewhere("savepoint 1/a b%20c#d.state");
        await Storage.WriteAsync(Job, file, Content(4), CancellationToken.None);
        CollectionAssert.AreEqual(Content(4), await Storage.ReadAsync(Other, file, CancellationToken.None));
        Assert.AreEqual(Storage.Describe(Job, file), Storage.Describe(Other, file));
        await AssertFilesAsync(Job);
    }

    [TestMethod]
    [DataRow("../x")]
    [DataRow("chk-1-1/../../x")]
    [DataRow("chk-1-1//x")]
    [DataRow("./x")]
    [DataRow("chk\\x")]
    [DataRow("")]
    public async Task A_name_that_leaves_the_job_is_refused(string file)
    {
        await Assert.ThrowsExactlyAsync<ArgumentException>(
            () => Storage.WriteAsync(Job, file, Content(1), CancellationToken.None));
        await Assert.ThrowsExactlyAsync<ArgumentException>(() => Storage.ReadAsync(Job, file, CancellationToken.None));
        await Assert.ThrowsExactlyAsync<ArgumentException>(
            () => Storage.DeleteAsync(Job, [file], CancellationToken.None));
    }

    [TestMethod]
    public async Task An_address_of_an_unknown_kind_is_refused_with_the_known_ones()
    {
        IOException refused = await Assert.ThrowsExactlyAsync<IOException>(
            () => Storage.WriteAsync(Job, "ftp://somewhere/a.state", Content(1), CancellationToken.None));
        StringAssert.Contains(refused.Message, "ftp://somewhere/a.state");
        StringAssert.Contains(refused.Message, "file:///");
    }

    [TestMethod]
    public async Task Many_are_written_and_read_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 24).Select(async i =>
        {
            string file = $"chk-1-1/{i}.state";
            byte[] content = Content(10_000 + i);
            await Storage.WriteAsync(Job, file, content, CancellationToken.None);
            CollectionAssert.AreEqual(content, await ReadAsync(file));
            await Storage.DeleteAsync(Job, [file], CancellationToken.None);
        }));
        await AssertFilesAsync(Job);
    }

    private protected static byte[] Content(int bytes)
    {
        byte[] content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        return content;
    }

    private Task<byte[]> ReadAsync(string file) => Storage.ReadAsync(Job, file, CancellationToken.None);

    private async Task AssertGivesUpAsync<T>(
        Func<Stream, CancellationToken, Task> then, CancellationToken cancellationToken = default)
        where T : Exception =>
        await Assert.ThrowsAsync<T>(() => Storage.WriteAsync(
            Job,
            "chk-1-1/a.state",
            async (stream, cancellation) =>
            {
                await stream.WriteAsync(Content(1_500_000), cancellation);
                await then(stream, cancellation);
            },
            cancellationToken));

    private async Task AssertFilesAsync(JobId job, params string[] expected)
    {
        IReadOnlyList<string> files = await Storage.ListAsync(job, "", CancellationToken.None);
        CollectionAssert.AreEqual(expected, files.ToArray(), string.Join(", ", files));
    }

    private async Task WriteSeveralAsync()
    {
        await Storage.WriteAsync(Job, CheckpointFiles.Metadata(First), Content(10), CancellationToken.None);
        await Storage.WriteAsync(Job, "chk-1-1/a.state", Content(11), CancellationToken.None);
        await Storage.WriteAsync(
            Job, $"{CheckpointFiles.Folder(Second)}/a.state", Content(12), CancellationToken.None);
        await Storage.WriteAsync(Job, "shared/s.state", Content(13), CancellationToken.None);
        await Storage.WriteAsync(Other, "chk-1-1/a.state", Content(14), CancellationToken.None);
    }
}
