using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;
using Millrace.Checkpointing;
using Millrace.Connectors;
using Millrace.Jobs;
using Millrace.Programs;
using Millrace.Running;
using Millrace.Savepoints;

namespace Millrace.InProcess;

/// <summary>Savepoints that are blobs: taken, looked into, compared, gone on from and claimed like those on a
/// disk.</summary>
[TestClass]
public sealed class SavepointsOnBlobsTests
{
    private static Azurite? Server;

    [ClassInitialize]
    public static async Task ServeAsync(TestContext _) => Server = await Azurite.TryStartBlobsAsync();

    [ClassCleanup]
    public static void StopServing() => Server?.Dispose();

    [TestMethod]
    public async Task A_job_stops_with_a_savepoint_in_blobs_and_another_one_goes_on_from_it()
    {
        if (Server is null)
        {
            Assert.Inconclusive(Azurite.Missing);
        }

        using TemporaryDirectory directory = new();
        BlobContainerClient container = new(Server.ConnectionString, "saved");
        MiniClusterOptions options = new() { Silos = 2, SlotsPerSilo = 2 };
        options.Settings.Add("Millrace:AzureStorage:ConnectionString", Server.ConnectionString);
        options.Settings.Add("Millrace:Checkpoints:SavepointDirectory", "azblob://saved/points");
        await using MiniCluster cluster = await MiniCluster.StartAsync(options);
        await Eventually.HasSlotsAsync(cluster, 4);
        JobHandle job = await cluster.SubmitAsync<SavepointsTests.NumberedRows>(
            ["--output", directory["out"]], parallelism: 2);
        await Eventually.HoldsAsync(() => SavepointsTests.SeenIn(directory["out"]) >= SavepointsTests.Records / 4);

        string path = await job.StopWithSavepointAsync();

        Assert.StartsWith("azblob://saved/points/savepoint-", path);
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(options.Settings).Build();
        SavepointReader savepoint = await SavepointReader.OpenAsync(path, configuration);
        Assert.Contains(one => one.Uid == "numbers", await savepoint.ReadOperatorsAsync());
        long counted = 0;
        await foreach ((long _, long value) in savepoint.ReadValuesAsync<long, long>("numbers", "count"))
        {
            counted += value;
        }

        Assert.AreEqual(SavepointsTests.SeenIn(directory["out"]), counted, "records counted");
        SavepointCheck same = SavepointCheck.Of(savepoint, JobSubmitter.Compile(
            typeof(SavepointsTests.NumberedRows), ["--output", directory["out"]], defaultParallelism: 3));
        Assert.IsEmpty(same.Dropped);
        Assert.IsEmpty(same.Refusals);

        JobHandle next = await cluster.SubmitAsync<SavepointsTests.NumberedRows>(
            ["--output", directory["out"]], new RestoreSettings(path) { Claim = true }, parallelism: 3);
        JobResult result = await next.WaitAsync();

        Assert.AreEqual(JobStatus.Finished, result.Status, result.Failure?.ToString());
        NumberedFiles.RequireRows(directory["out"], SavepointsTests.Records, SavepointsTests.Keys);
        await Eventually.HoldsAsync(() => !container.GetBlobs().Any());
        CheckpointCorruptedException gone = await Assert.ThrowsExactlyAsync<CheckpointCorruptedException>(
            () => SavepointReader.OpenAsync(path, configuration));
        Assert.Contains(path, gone.Message);
    }
}
