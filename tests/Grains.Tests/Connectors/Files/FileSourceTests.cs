namespace Millrace.Connectors.Files;

[TestClass]
public sealed class FileSourceTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public async Task Many_files_of_many_sizes_are_read_once_whatever_the_parallelism(int parallelism)
    {
        using TemporaryDirectory directory = new();
        Random random = new(9);
        List<string> expected = [];
        for (int i = 0; i < 60; i++)
        {
            string[] lines = [.. Enumerable.Range(0, random.Next(i))
                .Select(line => $"{i}/{line} {new string('x', random.Next(90))}")];
            directory.Write($"d{i % 4}/f{i:00}", string.Join('\n', lines) + (i % 2 == 0 ? "\n" : ""));
            expected.AddRange(lines);
        }

        SourceRun<string, FileSplit> run = new(
            FileSource.ReadLines(".", options => options.SplitBytes = 700), parallelism, batchSize: 16)
        {
            WorkingDirectory = directory.FullPath,
        };
        await run.ReadAllAsync();

        Assert.IsGreaterThan(20, run.Splits.Count);
        string[] reference = [.. expected.Where(line => line.Length > 0).Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(
            reference, run.Values.Where(line => line.Length > 0).Order(StringComparer.Ordinal).ToArray());
    }

    [TestMethod]
    public async Task One_subtask_gives_lines_in_the_order_of_paths()
    {
        using TemporaryDirectory directory = new();
        directory.Write("b.txt", "3\n4\n");
        directory.Write("a.txt", "1\n2");
        directory.Write("c/d.txt", "5");
        SourceRun<string, FileSplit> run = await new SourceRun<string, FileSplit>(
            FileSource.ReadLines([directory["b.txt"], directory.FullPath])).ReadAllAsync();
        CollectionAssert.AreEqual(new[] { "1", "2", "3", "4", "5" }, run.Values.ToArray());
    }

    [TestMethod]
    public async Task Missing_input_is_reported_before_a_reader_starts()
    {
        using TemporaryDirectory directory = new();
        SourceRun<string, FileSplit> run = new(FileSource.ReadLines(directory["none"]));
        InputNotFoundException failure = await Assert.ThrowsExactlyAsync<InputNotFoundException>(run.ReadAllAsync);
        Assert.AreEqual(directory["none"], failure.Path);
    }

    [TestMethod]
    public async Task Splits_of_a_failed_reader_are_handed_out_again_first()
    {
        using TemporaryDirectory directory = new();
        directory.Write("a", new string('x', 100));
        Source<string, FileSplit> source = FileSource.ReadLines(directory["a"], options => options.SplitBytes = 25);
        await using ISplitEnumerator<FileSplit> splits =
            source.CreateEnumerator(new SplitEnumeratorContext(new string('1', 32), 2, TimeProvider.System));
        await splits.StartAsync(CancellationToken.None);
        FileSplit first = (await splits.NextAsync(0, CancellationToken.None)).Split!;
        FileSplit second = (await splits.NextAsync(1, CancellationToken.None)).Split!;

        splits.AddBack([first, second], 0);

        Assert.AreSame(first, (await splits.NextAsync(1, CancellationToken.None)).Split);
        Assert.AreSame(second, (await splits.NextAsync(1, CancellationToken.None)).Split);
        Assert.AreEqual(SplitAssignmentKind.Assigned, (await splits.NextAsync(0, CancellationToken.None)).Kind);
        Assert.AreEqual(SplitAssignmentKind.Assigned, (await splits.NextAsync(0, CancellationToken.None)).Kind);
        Assert.AreEqual(SplitAssignment<FileSplit>.NoMore, await splits.NextAsync(0, CancellationToken.None));
    }

    [TestMethod]
    public void Options_out_of_range_are_refused_where_they_are_set()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => FileSource.ReadLines("x", options => options.SplitBytes = 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => FileSource.ReadLines("x", options => options.MaxLineBytes = 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => FileSource.ReadLines("x", options => options.MaxLineBytes = int.MaxValue));
        Assert.ThrowsExactly<ArgumentException>(() => FileSource.ReadLines(" "));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => FileSource.ReadLines([]));
    }
}
