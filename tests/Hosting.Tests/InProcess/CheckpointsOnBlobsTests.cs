using System.Globalization;
using Azure.Storage.Blobs;
using Millrace.Clustering;
using Millrace.Programs;
using Millrace.Running;

namespace Millrace.InProcess;

/// <summary>The same jobs with the same accidents, and nothing but blobs to remember them by.</summary>
[TestClass]
public sealed class CheckpointsOnBlobsTests : CheckpointsTests
{
    private static Azurite? Server;
    private static int Containers;

    private readonly string _container = string.Create(
        CultureInfo.InvariantCulture, $"jobs-{Interlocked.Increment(ref Containers)}");

    [ClassInitialize]
    public static async Task ServeAsync(TestContext _) => Server = await Azurite.TryStartBlobsAsync();

    [ClassCleanup]
    public static void StopServing() => Server?.Dispose();

    [TestMethod]
    public async Task State_is_stored_in_blobs_and_gone_with_the_job_while_its_record_stays()
    {
        using TemporaryDirectory directory = new();
        await using MiniCluster cluster = await StartAsync(silos: 1);
        _ = new Accident(directory.Path, throwsAfter: int.MaxValue);
        BlobContainerClient container = new(Server!.ConnectionString, _container);

        JobHandle job = await cluster.SubmitAsync<NumberedRows>(["--output", directory.Path], parallelism: 2);
        await Eventually.HoldsAsync(() => Names(container).Any(name => name.EndsWith(".state", StringComparison.Ordinal)
            && name.StartsWith($"checkpoints/{job.Id}/chk-", StringComparison.Ordinal)));
        await Eventually.HoldsAsync(() => Names(container).Contains($"jobs/{job.Id}/record.json"));
        await job.CancelAsync();
        await job.WaitAsync();

        await Eventually.HoldsAsync(
            () => !Names(container).Any(name => name.StartsWith("checkpoints/", StringComparison.Ordinal)));
        Assert.Contains($"jobs/{job.Id}/record.json", Names(container));
    }

    private protected override Task<IReadOnlyDictionary<string, string?>> StorageAsync()
    {
        if (Server is null)
        {
            Assert.Inconclusive(Azurite.Missing);
        }

        return Task.FromResult<IReadOnlyDictionary<string, string?>>(new Dictionary<string, string?>
        {
            ["Millrace:AzureStorage:ConnectionString"] = Server.ConnectionString,
            ["Millrace:Checkpoints:Directory"] = $"azblob://{_container}/checkpoints",
            ["Millrace:Jobs:Directory"] = $"azblob://{_container}/jobs",
        });
    }

    private static string[] Names(BlobContainerClient container) =>
        container.Exists() ? [.. container.GetBlobs().Select(blob => blob.Name)] : [];
}
