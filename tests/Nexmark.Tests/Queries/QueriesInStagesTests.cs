using System.Globalization;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Oracle;
using Millrace.Examples.Nexmark.Output;
using Millrace.InProcess;
using Millrace.Jobs;
using Millrace.Programs;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Every query in batch mode, with more subtasks than slots and so little memory that all that is kept aside
/// and all that is sorted goes to the disk.</summary>
[TestClass]
public sealed class QueriesInStagesTests
{
    private const int Events = 20_000;
    private const string LeastMemory = "16384";

    private static readonly Dictionary<int, MiniCluster> Clusters = [];

    private static string Folder { get; set; } = "";

    // Bids by the clock have no result that could be on record.
    public static IEnumerable<object[]> Runs =>
        from silos in new[] { 1, 3 }
        from query in NexmarkQueries.Names
        where query != "q12"
        select new object[] { silos, query };

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        Folder = Directory.CreateTempSubdirectory("millrace-stages").FullName;
        foreach (int silos in new[] { 1, 3 })
        {
            MiniClusterOptions options = new() { Silos = silos, SlotsPerSilo = 1 };
            options.Settings["Millrace:Batch:SpillDirectory"] = Folder;
            options.Settings["Millrace:Batch:PartitionMemoryBytes"] = LeastMemory;
            options.Settings["Millrace:Batch:SortMemoryBytes"] = LeastMemory;
            Clusters[silos] = await MiniCluster.StartAsync(options, context.CancellationToken);
        }
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        foreach (MiniCluster cluster in Clusters.Values)
        {
            await cluster.DisposeAsync();
        }

        string[] left = Directory.GetFiles(Folder, "*.spill", SearchOption.AllDirectories);
        Directory.Delete(Folder, recursive: true);
        Assert.IsEmpty(left);
    }

    [TestMethod]
    [DynamicData(nameof(Runs))]
    public async Task The_golden_result_comes_out(int silos, string query)
    {
        JobHandle job = await Clusters[silos].SubmitAsync<NexmarkJob>(
            ["--query", query, "--mode", "batch", "--events", Events.ToString(CultureInfo.InvariantCulture)],
            parallelism: 4);
        JobResult result = await job.WaitAsync();

        Assert.AreEqual(JobStatus.Finished, result.Status, $"{result.Failure}");
        Assert.AreEqual(
            $"{query} {ModelResults.Of(query, Events, EventNumbering.DefaultRate)}", ResultLine.Of(query, result));
    }
}
