using Millrace.Connectors.Files.Reading;
using Millrace.Connectors.Files.Writing;

namespace Millrace.Connectors.Files;

/// <summary>Files that say that what lies beside them is complete.</summary>
[TestClass]
public sealed class SuccessFileTests
{
    private const string Mark = "_SUCCESS";
    private const int Subtasks = 3;

    private static readonly int[] Records = [.. Enumerable.Range(0, 60)];
    private static readonly string[] Buckets = ["day0", "day1", "day2", "day3"];

    [TestMethod]
    public async Task Each_bucket_has_one_when_all_of_its_files_are_visible_and_not_before()
    {
        using TemporaryDirectory directory = new();
        SinkRun<int> run = RunOf(directory);
        await run.PrepareAsync();
        await run.WriteAsync(Records);
        Assert.IsEmpty(MarksIn(directory));

        await run.CommitAsync();

        CollectionAssert.AreEquivalent(Buckets, MarksIn(directory));
        CollectionAssert.AreEquivalent(Records, RecordsIn(directory));
    }

    [TestMethod]
    public async Task Without_buckets_the_directory_has_one()
    {
        using TemporaryDirectory directory = new();
        SinkRun<int> run = new(
            FileSink.Csv<int>(directory.FullPath, options => options.SuccessFile = Mark), Subtasks);

        await run.RunAsync(Records);

        CollectionAssert.AreEqual(new[] { "" }, MarksIn(directory));
    }

    // Buckets that were written to before a restart only, by writers that are no more, are marked too.
    [TestMethod]
    public async Task Whatever_fails_each_bucket_has_one_in_the_end()
    {
        for (int seed = 1; seed <= 25; seed++)
        {
            using TemporaryDirectory directory = new();
            SinkVerifier<int> verifier = new(() => SinkOf(directory, record => $"day{record / 15}"), seed);

            string happened = await verifier.WriteAsync(Records);

            CollectionAssert.AreEquivalent(Buckets, MarksIn(directory), happened);
            CollectionAssert.AreEquivalent(Records, RecordsIn(directory), happened);
        }
    }

    [TestMethod]
    public async Task A_commit_that_was_broken_off_between_two_of_them_is_completed_by_the_next()
    {
        for (int made = 0; made <= Buckets.Length; made++)
        {
            using TemporaryDirectory directory = new();
            await RunOf(directory).RunAsync([1, 2, 3, 4]);
            SinkRun<int> run = RunOf(directory, overwrite: true);
            await run.PrepareAsync();
            await run.WriteAsync(Records);

            // No file can be made where a directory is.
            foreach (string bucket in Buckets[made..])
            {
                File.Delete(directory[$"{bucket}/{Mark}"]);
                Directory.CreateDirectory(directory[$"{bucket}/{Mark}"]);
            }

            if (made < Buckets.Length)
            {
                await Assert.ThrowsExactlyAsync<FileWriteException>(run.CommitAsync);
            }

            foreach (string bucket in Buckets[made..])
            {
                Directory.Delete(directory[$"{bucket}/{Mark}"]);
            }

            await run.CommitAsync();

            CollectionAssert.AreEquivalent(Buckets, MarksIn(directory), $"{made} made");
            CollectionAssert.AreEquivalent(Records, RecordsIn(directory), $"{made} made");
        }
    }

    [TestMethod]
    public async Task A_commit_that_is_given_up_leaves_none()
    {
        using TemporaryDirectory directory = new();
        SinkRun<int> run = RunOf(directory);
        await run.PrepareAsync();
        await run.WriteAsync(Records);
        Directory.CreateDirectory(directory[$"day3/{Mark}"]);
        await Assert.ThrowsExactlyAsync<FileWriteException>(run.CommitAsync);

        Directory.Delete(directory[$"day3/{Mark}"]);
        await run.AbortAsync();

        Assert.IsEmpty(MarksIn(directory));
        Assert.IsEmpty(RecordsIn(directory));
    }

    [TestMethod]
    [DataRow("SUCCESS")]
    [DataRow(".SUCCESS")]
    [DataRow("_")]
    [DataRow("_a/b")]
    public void A_name_that_would_be_input_is_refused(string name)
    {
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => FileSink.Csv("out", options => options.SuccessFile = name));

        Assert.Contains($"'{name}'", error.Message);
    }

    [TestMethod]
    public void States_of_writers_are_read_as_they_were_written()
    {
        byte[] first = new FileWriterState(7, ["2026-11-27/10", ""]).ToBytes();
        byte[] second = new FileWriterState(3, ["", "x"]).ToBytes();

        FileWriterState both = FileWriterState.Of([first, second]);

        Assert.AreEqual(7, both.Next);
        CollectionAssert.AreEquivalent(new[] { "2026-11-27/10", "", "x" }, both.Buckets.ToArray());
        Assert.HasCount(sizeof(long), new FileWriterState(7, []).ToBytes());
        Assert.ThrowsExactly<InvalidDataException>(() => FileWriterState.Of([first[..^2]]));
        Assert.ThrowsExactly<InvalidDataException>(() => FileWriterState.Of([first[..7]]));
    }

    private static SinkRun<int> RunOf(TemporaryDirectory directory, bool overwrite = false) =>
        new(SinkOf(directory, record => $"day{record % Buckets.Length}", overwrite), Subtasks);

    private static Sink<int> SinkOf(
        TemporaryDirectory directory, Func<int, string> bucketOf, bool overwrite = false) => FileSink.Csv(
        directory.FullPath,
        options =>
        {
            options.Overwrite = overwrite;
            options.SuccessFile = Mark;
            options.MaxOpenFiles = 2;
        },
        bucketOf);

    /// <summary>The buckets that are marked, by a file without content.</summary>
    private static string[] MarksIn(TemporaryDirectory directory) =>
    [
        .. Directory.EnumerateFiles(directory.FullPath, Mark, SearchOption.AllDirectories)
            .Where(path => new FileInfo(path).Length == 0)
            .Select(path => Path.GetRelativePath(directory.FullPath, path)[..^Mark.Length].TrimEnd('/')),
    ];

    // What a source reads: marks are none of it.
    private static int[] RecordsIn(TemporaryDirectory directory) =>
    [
        .. InputFiles.Find([directory.FullPath], directory.FullPath, CancellationToken.None)
            .SelectMany(file => File.ReadAllLines(file.Path))
            .Select(int.Parse),
    ];
}
