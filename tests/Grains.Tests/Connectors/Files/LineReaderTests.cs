using System.Text;
using Millrace.Connectors.Files.Parsing;
using Millrace.Connectors.Files.Reading;
using Millrace.Failures;

namespace Millrace.Connectors.Files;

[TestClass]
public sealed class LineReaderTests
{
    private readonly string[] _values = new string[4];

    [TestMethod]
    public async Task The_loop_never_waits_and_one_chunk_is_fetched_at_a_time()
    {
        using TemporaryDirectory directory = new();
        string[] lines = [.. Enumerable.Range(0, 100).Select(i => $"line {i}")];
        TestSourceReaderContext context = Manual();
        await using FileReader<string> reader =
            new(TextDecoder.Reading, new FileSourceOptions { ChunkBytes = 50 }, context);
        Assert.AreEqual(ReadStatus.NeedSplit, Read(reader, out _));
        reader.AddSplit(SplitOf(directory.Write("a", string.Join('\n', lines))));
        reader.NoMoreSplits();

        List<string> read = [];
        ReadStatus status;
        do
        {
            status = Read(reader, out string[] values);
            read.AddRange(values);
            if (status == ReadStatus.NothingNow)
            {
                Assert.AreEqual(1, context.OffLoop.Waiting, "nothing to do means that work is under way");
                int wakes = context.Wakes;
                await context.OffLoop.RunNextAsync();
                Assert.IsGreaterThan(wakes, context.Wakes);
            }
        }
        while (status != ReadStatus.EndOfInput);

        CollectionAssert.AreEqual(lines, read);
        Assert.AreEqual(1, context.OffLoop.MostWaiting);
    }

    [TestMethod]
    public async Task While_a_chunk_is_cut_the_next_one_is_fetched_also_of_the_next_split()
    {
        using TemporaryDirectory directory = new();
        TestSourceReaderContext context = Manual();
        await using FileReader<string> reader = new(TextDecoder.Reading, new FileSourceOptions(), context);
        reader.AddSplit(SplitOf(directory.Write("a", "1\n2\n3\n4\n5\n")));
        reader.AddSplit(SplitOf(directory.Write("b", "6\n")));
        Assert.AreEqual(ReadStatus.NothingNow, Read(reader, out _));
        await context.OffLoop.RunNextAsync();

        Assert.AreEqual(ReadStatus.More, Read(reader, out string[] first));

        CollectionAssert.AreEqual(new[] { "1", "2", "3", "4" }, first);
        Assert.AreEqual(1, context.OffLoop.Waiting);
        await context.OffLoop.RunAllAsync();
        Assert.AreEqual(ReadStatus.More, Read(reader, out string[] second));
        CollectionAssert.AreEqual(new[] { "5" }, second, "a batch is of one split");
        Assert.AreEqual(ReadStatus.NeedSplit, Read(reader, out string[] third));
        CollectionAssert.AreEqual(new[] { "6" }, third);
    }

    [TestMethod]
    public async Task Small_files_of_a_split_share_chunks_and_batches()
    {
        using TemporaryDirectory directory = new();
        TestSourceReaderContext context = Manual();
        FileRange[] ranges =
            [.. Enumerable.Range(0, 4).Select(i => SplitOf(directory.Write($"f{i}", $"text {i}")).Ranges[0])];
        await using FileReader<string> reader = new(TextDecoder.Reading, new FileSourceOptions(), context);
        reader.AddSplit(new FileSplit(ranges));
        reader.NoMoreSplits();
        Read(reader, out _);
        await context.OffLoop.RunNextAsync();

        Read(reader, out string[] values);

        CollectionAssert.AreEqual(new[] { "text 0", "text 1", "text 2", "text 3" }, values);
        for (int i = 0; i < 4; i++)
        {
            Assert.AreEqual($"{ranges[i].Path}:byte 0", reader.DescribePosition(i));
        }

        Assert.AreEqual(ReadStatus.EndOfInput, Read(reader, out _));
    }

    [TestMethod]
    [DataRow("0123456789", 10, true)]
    [DataRow("0123456789\r\n", 10, true)]
    [DataRow("0123456789\n", 9, false)]
    [DataRow("0123456789", 9, false)]
    [DataRow("ok\n0123456789A", 10, false)]
    public async Task A_line_longer_than_the_bound_is_refused_with_file_and_byte(
        string text, int maxLineBytes, bool fits)
    {
        using TemporaryDirectory directory = new();
        string path = directory.Write("long.txt", text);
        for (int chunkBytes = 1; chunkBytes < 20; chunkBytes++)
        {
            int chunk = chunkBytes;
            SourceRun<string, FileSplit> run = new(FileSource.ReadLines(path, options =>
            {
                options.MaxLineBytes = maxLineBytes;
                options.ChunkBytes = chunk;
            }));
            if (fits)
            {
                await run.ReadAllAsync();
                Assert.AreEqual(1, run.Records.Count);
                continue;
            }

            FileReadException failure = await Assert.ThrowsExactlyAsync<FileReadException>(run.ReadAllAsync);
            Assert.AreEqual(path, failure.Path);
            Assert.Contains($"byte {text.IndexOf('0', StringComparison.Ordinal)} ", failure.Message);
            Assert.Contains(nameof(FileSourceOptions.MaxLineBytes), failure.Message);
            Assert.AreEqual(Recovery.Fail, failure.Recovery);
        }
    }

    [TestMethod]
    public async Task A_file_that_became_shorter_fails_the_reader()
    {
        using TemporaryDirectory directory = new();
        string path = directory.Write("a", "12345\n");
        foreach (long start in (long[])[0, 4, 8])
        {
            FileReadException failure =
                await FailureOfAsync(new FileSplit([new FileRange(path, start, 20, FileCompression.None)]));
            Assert.AreEqual(path, failure.Path);
            Assert.Contains("20 bytes", failure.Message);
        }
    }

    [TestMethod]
    public async Task A_file_that_disappeared_fails_the_reader()
    {
        using TemporaryDirectory directory = new();
        FileSplit split = SplitOf(directory.Write("a", "12345\n"));
        File.Delete(directory["a"]);
        FileReadException failure = await FailureOfAsync(split);
        Assert.AreEqual(directory["a"], failure.Path);
        Assert.Contains("gone", failure.Message);
        Assert.AreEqual(Recovery.Fail, failure.Recovery);
    }

    [TestMethod]
    public async Task A_directory_in_place_of_a_file_fails_the_reader()
    {
        using TemporaryDirectory directory = new();
        FileReadException failure =
            await FailureOfAsync(new FileSplit([new FileRange(directory.FullPath, 0, 5, FileCompression.None)]));
        Assert.AreEqual(directory.FullPath, failure.Path);
    }

    [TestMethod]
    public async Task Work_that_was_handed_over_does_not_begin_after_disposal()
    {
        using TemporaryDirectory directory = new();
        TestSourceReaderContext context = Manual();
        FileReader<string> reader = new(TextDecoder.Reading, new FileSourceOptions(), context);
        reader.AddSplit(SplitOf(directory.Write("a", "1\n")));
        Read(reader, out _);
        File.Delete(directory["a"]);

        await reader.DisposeAsync();
        await context.OffLoop.RunNextAsync();

        Assert.IsNull(context.OffLoop.Failure, "the file is gone: to open it would have failed");
    }

    [TestMethod]
    public async Task A_canceled_subtask_stops_reading()
    {
        using TemporaryDirectory directory = new();
        TestSourceReaderContext context = Manual();
        await using FileReader<string> reader = new(TextDecoder.Reading, new FileSourceOptions(), context);
        reader.AddSplit(SplitOf(directory.Write("a", "1\n")));
        Read(reader, out _);
        context.OffLoop.Cancel();
        await context.OffLoop.RunNextAsync();
        Assert.IsInstanceOfType<OperationCanceledException>(context.OffLoop.Failure);
    }

    [TestMethod]
    public async Task A_split_that_begins_later_is_how_a_reader_resumes()
    {
        using TemporaryDirectory directory = new();
        byte[] bytes = Encoding.UTF8.GetBytes("one\ntwo\r\n\nfour");
        string path = directory.Write("a", bytes);
        foreach ((string line, long position) in LineReference.LinesOf(bytes))
        {
            TestSourceReaderContext context = new();
            await using FileReader<string> reader = new(TextDecoder.Reading, new FileSourceOptions(), context);
            reader.AddSplit(new FileSplit([new FileRange(path, position, bytes.Length, FileCompression.None)]));
            Read(reader, out string[] values);
            Assert.AreEqual(line, values[0]);
        }
    }

    private static TestSourceReaderContext Manual() => new() { OffLoop = { IsImmediate = false } };

    private static FileSplit SplitOf(string path) =>
        new([new FileRange(path, 0, new FileInfo(path).Length, FileCompression.None)]);

    private static async Task<FileReadException> FailureOfAsync(FileSplit split)
    {
        TestSourceReaderContext context = Manual();
        await using FileReader<string> reader = new(TextDecoder.Reading, new FileSourceOptions(), context);
        reader.AddSplit(split);
        ReadOnce();
        await context.OffLoop.RunAllAsync();
        Assert.ThrowsExactly<FileReadException>(ReadOnce, "what failed off the loop fails the next read too");
        return (FileReadException)context.OffLoop.Failure!;

        void ReadOnce()
        {
            SourceBatch<string> batch = new(new string[1]);
            reader.Read(ref batch);
        }
    }

    private ReadStatus Read(FileReader<string> reader, out string[] values)
    {
        SourceBatch<string> batch = new(_values);
        ReadStatus status = reader.Read(ref batch);
        values = _values[..batch.Count];
        return status;
    }
}
