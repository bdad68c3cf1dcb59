using Millrace.Failures;

namespace Millrace.Connectors.Files;

[TestClass]
public sealed class FileSinkWriterTests
{
    [TestMethod]
    public async Task Text_stands_as_it_is_one_record_a_line()
    {
        using TemporaryDirectory directory = new();
        await new SinkRun<string>(FileSink.Text(directory.FullPath).For<string>(), parallelism: 2)
            .RunAsync(["a, \"b\"", "ä", "", "d"]);
        Assert.AreEqual("a, \"b\"\n\n", await File.ReadAllTextAsync(directory["part-00000.txt"]));
        Assert.AreEqual("ä\nd\n", await File.ReadAllTextAsync(directory["part-00001.txt"]));
    }

    [TestMethod]
    public async Task Each_subtask_has_a_file_even_without_records()
    {
        using TemporaryDirectory directory = new();
        Sink<int> sink = FileSink.Csv(directory.FullPath, options => options.Header = true).For<int>();
        await new SinkRun<int>(sink, parallelism: 3).RunAsync([5]);
        Assert.AreEqual("Value\n5\n", await File.ReadAllTextAsync(directory["part-00000.csv"]));
        Assert.AreEqual("Value\n", await File.ReadAllTextAsync(directory["part-00002.csv"]));
    }

    [TestMethod]
    public async Task Names_are_made_of_prefix_subtask_and_extension()
    {
        using TemporaryDirectory directory = new();
        Sink<int> sink = FileSink.Text("made/here", options =>
        {
            options.FilePrefix = "words";
            options.FileExtension = ".lst";
        }).For<int>();
        await new SinkRun<int>(sink, 1, directory.FullPath).RunAsync([1]);
        Assert.AreEqual("1\n", await File.ReadAllTextAsync(directory["made/here/words-00000.lst"]));
    }

    [TestMethod]
    public async Task Nothing_is_visible_before_the_commit()
    {
        using TemporaryDirectory directory = new();
        SinkRun<int> run = new(FileSink.Csv(directory.FullPath).For<int>(), parallelism: 2);
        await run.PrepareAsync();
        await run.WriteAsync([1, 2, 3]);
        foreach (string path in Directory.EnumerateFileSystemEntries(directory.FullPath))
        {
            Assert.StartsWith(".", Path.GetFileName(path));
        }

        await run.CommitAsync();
        CollectionAssert.AreEquivalent(
            new[] { directory["part-00000.csv"], directory["part-00001.csv"] },
            Directory.GetFileSystemEntries(directory.FullPath));
    }

    [TestMethod]
    public async Task A_writer_takes_no_more_than_two_buffers_hold_until_one_is_written()
    {
        using TemporaryDirectory directory = new();
        SinkRun<int> run = new(FileSink.Text(directory.FullPath, options => options.BufferBytes = 100).For<int>());
        TestSinkWriterContext context = run.ContextOf();
        context.OffLoop.IsImmediate = false;
        await using ISinkWriter<int> writer = FileSink.Text(directory.FullPath, options => options.BufferBytes = 100)
            .For<int>().CreateWriter(context);
        int[] records = [.. Enumerable.Range(0, 1_000)];

        int taken = writer.Write(records);
        Assert.IsLessThan(80, taken, "two buffers of 100 bytes, lines of 2 and 3");
        Assert.AreEqual(0, writer.Write(records.AsSpan(taken)), "nothing fits while a buffer is being written");
        int rounds = 0;
        while (taken < records.Length)
        {
            int wakes = context.Wakes;
            await context.OffLoop.RunNextAsync();
            Assert.IsGreaterThan(wakes, context.Wakes, "the loop is woken to offer again");
            int more = writer.Write(records.AsSpan(taken));
            Assert.IsGreaterThan(0, more);
            taken += more;
            rounds++;
        }

        Assert.IsGreaterThan(10, rounds);
        Assert.AreEqual(1, context.OffLoop.MostWaiting);
        ValueTask<IReadOnlyList<byte[]>> finished = writer.FinishAsync(CancellationToken.None);
        while (!finished.IsCompleted)
        {
            await context.OffLoop.RunAllAsync();
            await Task.Yield();
        }

        await run.CommitAsync(await finished);
        CollectionAssert.AreEqual(
            records.Select(record => $"{record}").ToArray(), await File.ReadAllLinesAsync(directory["part-00000.txt"]));
    }

    [TestMethod]
    public async Task A_writer_that_was_not_finished_leaves_nothing()
    {
        using TemporaryDirectory directory = new();
        SinkRun<string> run = new(FileSink.Text(directory.FullPath, options => options.BufferBytes = 10).For<string>());
        await run.PrepareAsync();
        await using (ISinkWriter<string> writer = run.CreateWriter())
        {
            writer.Write(["more than ten bytes", "and more", "and more"]);
            Assert.HasCount(1, Directory.GetFileSystemEntries(directory.FullPath));
        }

        Assert.IsEmpty(Directory.GetFileSystemEntries(directory.FullPath));
    }

    [TestMethod]
    public async Task Two_sinks_with_the_same_names_in_one_directory_are_told_apart_by_an_error()
    {
        using TemporaryDirectory directory = new();
        SinkRun<int> first = new(FileSink.Text(directory.FullPath).For<int>());
        SinkRun<int> second = new(FileSink.Text(directory.FullPath).For<int>());
        await first.PrepareAsync();
        await second.PrepareAsync();
        await first.WriteAsync([1]);
        FileWriteException failure =
            await Assert.ThrowsExactlyAsync<FileWriteException>(() => second.WriteAsync([2]));
        Assert.Contains(nameof(FileSinkOptions.FilePrefix), failure.Message);
        await first.CommitAsync();
        Assert.AreEqual("1\n", await File.ReadAllTextAsync(directory["part-00000.txt"]));
    }

    [TestMethod]
    public async Task Two_sinks_with_prefixes_of_their_own_share_a_directory()
    {
        using TemporaryDirectory directory = new();
        directory.Write("part-00000.txt", "old");
        SinkRun<int> first = new(FileSink.Text(directory.FullPath, Overwriting("part")).For<int>());
        SinkRun<int> second = new(FileSink.Text(directory.FullPath, Overwriting("part-2")).For<int>());
        await first.PrepareAsync();
        await second.PrepareAsync();
        await first.WriteAsync([1]);
        await second.WriteAsync([2]);
        await first.CommitAsync();
        await second.CommitAsync();
        Assert.AreEqual("1\n", await File.ReadAllTextAsync(directory["part-00000.txt"]));
        Assert.AreEqual("2\n", await File.ReadAllTextAsync(directory["part-2-00000.txt"]));
        Assert.HasCount(2, Directory.GetFileSystemEntries(directory.FullPath));

        static Action<FileSinkOptions> Overwriting(string prefix) => options =>
        {
            options.Overwrite = true;
            options.FilePrefix = prefix;
        };
    }

    [TestMethod]
    public async Task A_directory_that_cannot_be_written_to_is_named()
    {
        using TemporaryDirectory directory = new();
        directory.Write("file", "x");
        SinkRun<int> run = new(FileSink.Text(directory["file/out"]).For<int>());
        FileWriteException failure = await Assert.ThrowsExactlyAsync<FileWriteException>(run.PrepareAsync);
        Assert.Contains(directory["file/out"], failure.Message);
        FileWriteException atWrite = await Assert.ThrowsExactlyAsync<FileWriteException>(() => run.WriteAsync([1]));
        Assert.Contains(directory["file/out"], atWrite.Message);
        Assert.AreEqual(Recovery.Restart, atWrite.Recovery);
    }

    [TestMethod]
    [DataRow("", null)]
    [DataRow(".hidden", null)]
    [DataRow("_hidden", null)]
    [DataRow("a/b", null)]
    [DataRow("ok", "csv")]
    [DataRow("ok", "./csv")]
    public void Names_that_are_none_are_refused(string prefix, string? extension)
    {
        Action<FileSinkOptions> configure = options =>
        {
            options.FilePrefix = prefix;
            options.FileExtension = extension;
        };
        Assert.ThrowsExactly<ArgumentException>(() => FileSink.Text("out", configure));
    }
}
