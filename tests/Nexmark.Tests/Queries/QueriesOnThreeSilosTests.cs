using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Oracle;
using Millrace.Examples.Nexmark.Output;
using Millrace.InProcess;
using Millrace.Jobs;
using Millrace.Programs;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Records go over connections between silos, written and read again.</summary>
[TestClass]
public sealed class QueriesOnThreeSilosTests
{
    private static MiniCluster? Cluster { get; set; }

    [ClassInitialize]
    public static async Task StartAsync(TestContext context) =>
        Cluster = await MiniCluster.StartAsync(
            new MiniClusterOptions { Silos = 3, SlotsPerSilo = 1 }, context.CancellationToken);

    [ClassCleanup]
    public static async Task StopAsync()
    {
        if (Cluster is not null)
        {
            await Cluster.DisposeAsync();
        }
    }

    [TestMethod]
    [DataRow("q3")]
    [DataRow("q4")]
    [DataRow("q5")]
    [DataRow("q11")]
    [DataRow("q13")]
    [DataRow("q16")]
    [DataRow("q18")]
    [DataRow("q23")]
    public async Task The_golden_result_comes_out(string query)
    {
        const int Events = 100_000;

        JobHandle job = await Cluster!.SubmitAsync<NexmarkJob>(["--query", query], parallelism: 3);
        JobResult result = await job.WaitAsync();

        Assert.AreEqual(
            $"{query} {ModelResults.Of(query, Events, EventNumbering.DefaultRate)}", ResultLine.Of(query, result));
        JobDetails details = await job.GetDetailsAsync();
        IEnumerable<string?> silos = details.Vertices[0].Subtasks.Select(subtask => subtask.Silo);
        Assert.AreEqual(3, silos.Distinct().Count(), "Each silo has a part.");
    }
}
