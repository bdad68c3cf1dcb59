using Millrace.Connectors;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Oracle;
using Millrace.Examples.Nexmark.Output;
using Millrace.Jobs;
using Millrace.Programs;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>The queries on the engine, against their models.</summary>
[TestClass]
public sealed class NexmarkJobTests
{
    // Its rows depend on when events come.
    private const string ByTheClock = "q12";

    public static IEnumerable<object[]> Runs =>
        from query in NexmarkQueries.Names
        where query != ByTheClock
        from run in new[] { (2, 7, 50), (3, 0, 1_000) }
        select new object[] { query, run.Item1, run.Item2, run.Item3 };

    [TestMethod]
    [DynamicData(nameof(Runs))]
    public async Task Rows_and_hash_are_those_of_the_model(string query, int parallelism, int batchSize, int group)
    {
        const int Events = 20_000;
        const int Rate = 500;
        string[] args =
        [
            "--query", query, "--events", $"{Events}", "--rate", $"{Rate}", "--parallelism", $"{parallelism}",
            "--out-of-order", $"{group}", .. batchSize == 0 ? [] : (string[])["--batch-size", $"{batchSize}"],
        ];

        JobResult result = await StreamJob.ExecuteAsync<NexmarkJob>(args);

        RowHash model = RowHash.Of(QueryModels.Rows(query, EventLog.Of(Events, new EventNumbering(Rate))));
        Assert.AreEqual($"{query} {model}", ResultLine.Of(query, result));
    }

    [TestMethod]
    [DataRow("q0", "q0 rows=92000 hash=da4bb48c30c09a81")]
    [DataRow("q1", "q1 rows=92000 hash=a9b552ba7ea91b04")]
    [DataRow("q2", "q2 rows=351 hash=89e1cb244779bf48")]
    [DataRow("q3", "q3 rows=580 hash=c29d84417dc44474")]
    [DataRow("q5", "q5 rows=15 hash=efefa1d48c794cf9")]
    [DataRow("q7", "q7 rows=1 hash=d5af0ef1d8a525d4")]
    [DataRow("q8", "q8 rows=902 hash=372819ce2a5810f0")]
    [DataRow("q9", "q9 rows=4052 hash=d8555b5d4ab88b95")]
    [DataRow("q11", "q11 rows=1919 hash=1a71588df2c7aa8f")]
    [DataRow("q14", "q14 rows=26069 hash=57bf573ef2920599")]
    [DataRow("q17", "q17 rows=4657 hash=d53ed164a9878aba")]
    [DataRow("q18", "q18 rows=25248 hash=955d0adcdbb035ae")]
    [DataRow("q19", "q19 rows=35135 hash=6b6452923a1f851f")]
    [DataRow("q20", "q20 rows=14419 hash=295d4fb058dd7c24")]
    public async Task Without_arguments_the_golden_results_come_out(string query, string line)
    {
        JobResult result = await StreamJob.ExecuteAsync<NexmarkJob>(["--query", query]);

        Assert.AreEqual(line, ResultLine.Of(query, result));
    }

    [TestMethod]
    [DataRow(null, "missing.csv")]
    [DataRow("7,x\nseven\n", "side.csv")]
    public async Task A_side_input_that_is_none_is_named(string? text, string name)
    {
        using var directory = new TemporaryDirectory();
        if (text is not null)
        {
            await File.WriteAllTextAsync(directory[name], text);
        }

        JobFailedException error = await Assert.ThrowsAsync<JobFailedException>(
            () => StreamJob.ExecuteAsync<NexmarkJob>(["--query", "q13", "--side-input", directory[name]]));

        Assert.Contains(directory[name], error.Message);
    }

    [TestMethod]
    public async Task The_black_hole_counts_rows()
    {
        JobResult result = await StreamJob.ExecuteAsync<NexmarkJob>(
            ["--query", "q0", "--events", "5000", "--output", "blackhole", "--generator", "fast"]);

        Assert.AreEqual("q0 rows=4600", ResultLine.Of("q0", result));
    }

    [TestMethod]
    [DataRow("--query", "q99", "q99")]
    [DataRow("--rate", "0", "--rate")]
    [DataRow("--rate", "2000001", "--rate")]
    [DataRow("--events", "-1", "--events")]
    [DataRow("--out-of-order", "953", "953")]
    [DataRow("--out-of-order", "7", "multiple")]
    [DataRow("--generator", "slow", "slow")]
    [DataRow("--mode", "slow", "slow")]
    [DataRow("--parallelism", "0", "--parallelism")]
    [DataRow("--batch-size", "0", "--batch-size")]
    [DataRow("--event", "5", "there are --query, --events")]
    [DataRow("--overwrite", "perhaps", "--overwrite")]
    [DataRow("5", "--pace", "'5' belongs to no argument")]
    public async Task Wrong_arguments_are_named(string argument, string value, string part)
    {
        JobArgumentException error = await Assert.ThrowsAsync<JobArgumentException>(
            () => StreamJob.ExecuteAsync<NexmarkJob>(["--query", "q0", argument, value]));

        Assert.Contains(part, error.Message);
    }
}
