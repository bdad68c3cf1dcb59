using System.Globalization;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Oracle;
using Millrace.Examples.Nexmark.Output;
using Millrace.Jobs;
using Millrace.Programs;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>The events for which golden results are on record, in every setting that must make no difference; the
/// models give those results (<see cref="GoldenResultsTests"/>).</summary>
/// <remarks>Of each query three settings are run, which go round: over all queries each two values of two settings
/// meet. The environment variable <c>MILLRACE_NEXMARK_MATRIX=full</c> runs all settings of all queries, and a million
/// events besides.</remarks>
[TestClass]
public sealed class QueryMatrixTests
{
    private const int Events = 100_000;
    private const int Selected = 3;
    private const string Variable = "MILLRACE_NEXMARK_MATRIX";

    private static readonly bool IsFull = Environment.GetEnvironmentVariable(Variable) == "full";

    private static readonly Setting[] All =
    [
        .. from parallelism in new[] { 1, 2, 4 }
           from batchSize in new int?[] { null, 7, 1 }
           from shuffled in new[] { 1, 1_000 }
           from mode in new[] { "streaming", "batch" }
           select new Setting(parallelism, batchSize, shuffled, mode),
    ];

    // Nine settings, in which each two values of two columns meet.
    private static readonly Setting[] Pairwise =
    [
        new(1, null, 1, "streaming"),
        new(2, 7, 1_000, "streaming"),
        new(4, 1, 1, "batch"),
        new(1, 7, 1_000, "batch"),
        new(2, 1, 1, "streaming"),
        new(4, null, 1_000, "streaming"),
        new(1, 1, 1_000, "streaming"),
        new(2, null, 1, "batch"),
        new(4, 7, 1, "streaming"),
    ];

    // Bids by the clock have no result that could be on record.
    private static readonly string[] Names = [.. NexmarkQueries.Names.Where(query => query != "q12")];

    public static IEnumerable<object?[]> Runs => IsFull
        ? from query in Names
          from setting in All
          select setting.With(query)
        : from query in Names.Index()
          from turn in Enumerable.Range(0, Selected)
          select Pairwise[((query.Index * Selected) + turn) % Pairwise.Length].With(query.Item);

    // Nothing is made for one size.
    public static IEnumerable<object[]> OtherSizes =>
        from query in Names
        from size in IsFull ? new[] { (100_000, 100), (1_000_000, 10_000) } : [(50_000, 100)]
        select new object[] { query, size.Item1, size.Item2 };

    public static IEnumerable<object[]> Seeds =>
        from query in new[] { "q6", "q10", "q13", "q16", "q21", "q22" }
        from seed in Enumerable.Range(1, IsFull ? 20 : 2)
        select new object[] { query, seed };

    [TestMethod]
    [DynamicData(nameof(Runs))]
    public Task No_setting_changes_the_golden_result(
        string query, int parallelism, int? batchSize, int group, string mode) =>
        VerifyAsync(query, Events, EventNumbering.DefaultRate, new Setting(parallelism, batchSize, group, mode));

    [TestMethod]
    [DynamicData(nameof(OtherSizes))]
    public Task Other_sizes_and_rates_hold_as_well(string query, int events, int rate) =>
        VerifyAsync(query, events, rate, new Setting(2, null, 1, "streaming"));

    [TestMethod]
    [DynamicData(nameof(Seeds))]
    public Task Random_sizes_hold_as_well(string query, int seed)
    {
        var random = new Random(seed);
        return VerifyAsync(
            query,
            random.Next(20_000),
            (int)Math.Pow(10, random.NextDouble() * 6),
            new Setting(random.Next(1, 5), null, 1, "streaming"));
    }

    private static async Task VerifyAsync(string query, int events, int rate, Setting setting)
    {
        string[] args = ["--query", query, "--events", Text(events), "--rate", Text(rate), .. setting.Arguments];

        JobResult result = await StreamJob.ExecuteAsync<NexmarkJob>(args);

        Assert.AreEqual(
            $"{query} {ModelResults.Of(query, events, rate)}", ResultLine.Of(query, result), string.Join(' ', args));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Setting(int Parallelism, int? BatchSize, int Group, string Mode)
    {
        public IEnumerable<string> Arguments =>
        [
            "--parallelism", Text(Parallelism), "--out-of-order", Text(Group), "--mode", Mode,
            .. BatchSize is int size ? ["--batch-size", Text(size)] : Array.Empty<string>(),
        ];

        public object?[] With(string query) => [query, Parallelism, BatchSize, Group, Mode];
    }
}
