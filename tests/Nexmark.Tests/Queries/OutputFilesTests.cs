using System.Globalization;
using Millrace.Connectors;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Oracle;
using Millrace.Programs;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>What queries write into a directory: files that are there when the job has finished, and nothing
/// else.</summary>
[TestClass]
public sealed class OutputFilesTests
{
    private const int Events = 20_000;

    // They have tests of their own below.
    private static readonly string[] Special = ["q10", "q12", "q14", "q17"];

    public static IEnumerable<object[]> Plain =>
        NexmarkQueries.Names.Except(Special).Select(query => new object[] { query });

    // Of results that are updated, the final rows.
    [TestMethod]
    [DynamicData(nameof(Plain))]
    public async Task Files_have_the_rows_of_the_model(string query)
    {
        using var directory = new TemporaryDirectory();

        await RunAsync(query, directory, "--rate", "1000", "--parallelism", "2");

        WrittenRows.Verify(QueryModels.Rows(query, LogOf(rate: 1_000)), directory["out"]);
        CollectionAssert.AreEquivalent(
            new[] { "part-00000.csv", "part-00001.csv" }, WrittenRows.FilesIn(directory["out"]).ToArray());
    }

    [TestMethod]
    [DataRow(1, "streaming")]
    [DataRow(3, "streaming")]
    [DataRow(2, "batch")]
    public async Task Bids_of_a_minute_are_in_its_folder_which_is_marked_as_complete(int parallelism, string mode)
    {
        const int Rate = 20;
        using var directory = new TemporaryDirectory();

        await RunAsync("q10", directory, "--rate", $"{Rate}", "--parallelism", $"{parallelism}", "--mode", mode);

        EventLog log = LogOf(Rate);
        WrittenRows.Verify(QueryModels.Rows("q10", log), directory["out"]);
        string[] minutes =
        [
            .. log.Bids.Select(bid => $"{Row.Day(bid.Time)}/{Row.Minute(bid.Time).Replace(':', '-')}").Distinct(),
        ];
        Assert.HasCount(17, minutes);
        foreach (string minute in minutes)
        {
            string folder = Path.Combine(directory["out"], minute);
            Assert.AreEqual(0, new FileInfo(Path.Combine(folder, "_SUCCESS")).Length);
            IEnumerable<string> expected = QueryModels.Rows("q10", log)
                .Where(row => row.StartsWith(minute.Replace('/', '|').Replace("00-", "00:"), StringComparison.Ordinal));
            WrittenRows.Verify(expected, folder);
        }

        int marks = WrittenRows.FilesIn(directory["out"])
            .Count(path => path.EndsWith("_SUCCESS", StringComparison.Ordinal));
        Assert.AreEqual(minutes.Length, marks);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public async Task Windows_by_the_clock_add_up_to_the_bids_of_each_bidder(int parallelism)
    {
        using var directory = new TemporaryDirectory();

        await RunAsync("q12", directory, "--parallelism", $"{parallelism}");

        IEnumerable<string> sums = WrittenRows.In(directory["out"])
            .Select(line => line.Split(','))
            .GroupBy(row => row[0], row => int.Parse(row[1], CultureInfo.InvariantCulture))
            .Select(bids => $"{bids.Key},{bids.Sum()}");
        WrittenRows.Verify(QueryModels.Rows("q12", LogOf(EventNumbering.DefaultRate)), sums);
    }

    [TestMethod]
    public async Task The_last_two_columns_of_q14_stand_in_its_files()
    {
        using var directory = new TemporaryDirectory();

        await RunAsync("q14", directory, "--rate", "1");

        WrittenRows.Verify(BidQueries.Q14Full(LogOf(rate: 1)), directory["out"]);
    }

    // 20,000 s: a bit less than a quarter of a day, so the day is the same in all rows.
    [TestMethod]
    public async Task The_day_of_q17_stands_in_its_files()
    {
        using var directory = new TemporaryDirectory();

        await RunAsync("q17", directory, "--rate", "1");

        long day = EventNumbering.DefaultBaseTime / (24 * 60 * 60 * 1_000);
        WrittenRows.Verify(QueryModels.Rows("q17", LogOf(rate: 1)).Select(row => $"{row}|{day}"), directory["out"]);
    }

    [TestMethod]
    public async Task A_directory_with_files_is_refused_and_overwritten_when_that_is_asked_for()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("out/2015-07-15/00-00/part-00000.csv", "old");
        directory.Write("out/2015-07-15/00-00/_SUCCESS", "old");

        JobFailedException error = await Assert.ThrowsAsync<JobFailedException>(() => RunAsync("q10", directory));
        await RunAsync("q10", directory, "--overwrite");

        Assert.Contains("--overwrite", error.Message);
        WrittenRows.Verify(QueryModels.Rows("q10", LogOf(EventNumbering.DefaultRate)), directory["out"]);
    }

    private static Task RunAsync(string query, TemporaryDirectory directory, params string[] more) =>
        StreamJob.ExecuteAsync<NexmarkJob>(
            ["--query", query, "--events", $"{Events}", "--output", directory["out"], .. more]);

    private static EventLog LogOf(int rate) => EventLog.Of(Events, new EventNumbering(rate));
}
