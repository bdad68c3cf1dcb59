using System.Globalization;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Oracle;
using Millrace.Examples.Nexmark.Output;
using Millrace.InProcess;
using Millrace.Jobs;
using Millrace.Programs;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>The events for which golden results are on record, in every setting that must make no difference; the
/// models give those results (<see cref="GoldenResultsTests"/>).</summary>
/// <remarks>Of each query three settings are run, in which each value of each setting occurs; over three queries all
/// nine are run, in which each two values of two settings meet. The environment variable
/// <c>MILLRACE_NEXMARK_MATRIX</c> asks for all settings, more sizes and a million events: <c>full</c> of all queries,
/// or else of those it names, such as <c>q5,q11</c>.</remarks>
[TestClass]
public sealed class QueryMatrixTests
{
    private const int Events = 100_000;
    private const int Selected = 3;
    private const string Variable = "MILLRACE_NEXMARK_MATRIX";
    private const string Full = "full";
    private const string ByTheClock = "q12";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string[] Asked = (Environment.GetEnvironmentVariable(Variable) ?? "").Split(',');
    private static readonly bool IsFull = Asked[0].Length > 0;

    // Nine settings, in which each two values of two columns meet.
    private static readonly Setting[] Pairwise =
    [
        new(1, null, 1, "streaming", 1),
        new(2, 7, 1_000, "streaming", 3),
        new(4, 1, 1, "batch", 3),
        new(1, 7, 1_000, "batch", 1),
        new(2, 1, 1, "streaming", 1),
        new(4, null, 1_000, "streaming", 3),
        new(1, 1, 1_000, "streaming", 3),
        new(2, null, 1, "batch", 3),
        new(4, 7, 1, "streaming", 1),
    ];

    private static readonly Setting[] All =
    [
        .. from parallelism in new[] { 1, 2, 4 }
           from batchSize in new int?[] { null, 7, 1 }
           from shuffled in new[] { 1, 1_000 }
           from mode in new[] { "streaming", "batch" }
           from silos in new[] { 1, 3 }
           select new Setting(parallelism, batchSize, shuffled, mode, silos),
    ];

    // Bids by the clock have no result that could be on record.
    private static readonly string[] Names =
    [
        .. NexmarkQueries.Names
            .Where(query => query != ByTheClock && (!IsFull || Asked[0] == Full || Asked.Contains(query))),
    ];

    private static MiniCluster? Cluster { get; set; }

    public static IEnumerable<object?[]> Runs =>
        from query in Names
        from setting in IsFull ? All : SelectedOf(query)
        select setting.With(query);

    // Nothing is made for one size.
    public static IEnumerable<object[]> OtherSizes =>
        from query in Names
        from size in IsFull ? new[] { (100_000, 100), (1_000_000, 10_000) } : [(50_000, 100)]
        select new object[] { query, size.Item1, size.Item2 };

    public static IEnumerable<object[]> Seeds =>
        from query in Names
        from seed in Enumerable.Range(1, IsFull ? 20 : 2)
        select new object[] { query, seed };

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        if (Names.Length == 0)
        {
            throw new InvalidOperationException(
                $"{Variable} is '{string.Join(',', Asked)}', but must be '{Full}' or name queries with a golden result:"
                + $" {string.Join(", ", NexmarkQueries.Names.Where(query => query != ByTheClock))}.");
        }

        Cluster = await MiniCluster.StartAsync(
            new MiniClusterOptions { Silos = 3, SlotsPerSilo = 2 }, context.CancellationToken);
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        if (Cluster is not null)
        {
            await Cluster.DisposeAsync();
        }
    }

    [TestMethod]
    public void Each_two_values_of_two_settings_meet()
    {
        HashSet<(int Left, object?, int Right, object?)> all = [.. All.SelectMany(PairsOf)];
        HashSet<(int Left, object?, int Right, object?)> met = [.. Pairwise.SelectMany(PairsOf)];

        Assert.IsTrue(met.SetEquals(all), $"missing: {string.Join("; ", all.Except(met))}");
        for (int first = 0; first < Pairwise.Length; first += Selected)
        {
            Setting[] some = Pairwise[first..(first + Selected)];
            foreach (Func<Setting, object?> column in Setting.Columns)
            {
                Assert.HasCount(All.Select(column).Distinct().Count(), some.Select(column).Distinct(), $"from {first}");
            }

            Assert.IsTrue(
                Array.Exists(some, setting => setting is { Silos: 3, Parallelism: > 1 }), "Records go between silos.");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Runs))]
    public Task No_setting_changes_the_golden_result(
        string query, int parallelism, int? batchSize, int group, string mode, int silos) => VerifyAsync(
        query, Events, EventNumbering.DefaultRate, new Setting(parallelism, batchSize, group, mode, silos));

    [TestMethod]
    [DynamicData(nameof(OtherSizes))]
    public Task Other_sizes_and_rates_hold_as_well(string query, int events, int rate) =>
        VerifyAsync(query, events, rate, new Setting(2, null, 1, "streaming", 1));

    [TestMethod]
    [DynamicData(nameof(Seeds))]
    public Task Random_sizes_hold_as_well(string query, int seed)
    {
        var random = new Random(seed);
        int group = random.Next(1, 900);
        return VerifyAsync(
            query,
            random.Next(20_000) / group * group,
            (int)Math.Pow(10, random.NextDouble() * 6),
            new Setting(random.Next(1, 5), random.Next(1, 300), group, seed % 2 == 0 ? "streaming" : "batch", 1));
    }

    private static IEnumerable<Setting> SelectedOf(string query) => Enumerable.Range(0, Selected)
        .Select(turn => Pairwise[((Array.IndexOf(Names, query) * Selected) + turn) % Pairwise.Length]);

    private static IEnumerable<(int Left, object?, int Right, object?)> PairsOf(Setting setting) =>
        from left in Enumerable.Range(0, Setting.Columns.Length)
        from right in Enumerable.Range(0, left)
        select (left, Setting.Columns[left](setting), right, Setting.Columns[right](setting));

    private static async Task VerifyAsync(string query, int events, int rate, Setting setting)
    {
        string[] args = ["--query", query, "--events", Text(events), "--rate", Text(rate), .. setting.Arguments];

        JobResult result = setting.Silos == 1
            ? await StreamJob.ExecuteAsync<NexmarkJob>(args)
            : await RunOnThreeSilosAsync(args, setting.Parallelism);

        Assert.AreEqual(
            $"{query} {ModelResults.Of(query, events, rate)}", ResultLine.Of(query, result), string.Join(' ', args));
    }

    private static async Task<JobResult> RunOnThreeSilosAsync(string[] args, int parallelism)
    {
        JobHandle job = await Cluster!.SubmitAsync<NexmarkJob>(args);
        JobResult result = await EndOfAsync(job, args);
        JobDetails details = await job.GetDetailsAsync();
        IEnumerable<string?> silos = details.Vertices[0].Subtasks.Select(subtask => subtask.Silo).Distinct();
        Assert.HasCount(Math.Min(3, parallelism), silos);
        return result;
    }

    // A job that does not get on is to say where it stands.
    private static async Task<JobResult> EndOfAsync(JobHandle job, string[] args)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await job.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            JobDetails details = await job.GetDetailsAsync();
            await job.CancelAsync();
            throw new AssertFailedException(
                $"{string.Join(' ', args)} has not ended after {Patience}: it is {details.Status}. "
                + string.Join("; ", details.Vertices.SelectMany(vertex => vertex.Subtasks)));
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Setting(int Parallelism, int? BatchSize, int Group, string Mode, int Silos)
    {
        public static readonly Func<Setting, object?>[] Columns =
        [
            setting => setting.Parallelism,
            setting => setting.BatchSize,
            setting => setting.Group,
            setting => setting.Mode,
            setting => setting.Silos,
        ];

        public IEnumerable<string> Arguments =>
        [
            "--parallelism", Text(Parallelism), "--out-of-order", Text(Group), "--mode", Mode,
            .. BatchSize is int size ? ["--batch-size", Text(size)] : Array.Empty<string>(),
        ];

        public object?[] With(string query) => [query, .. Columns.Select(column => column(this))];
    }
}
