using Azure.Storage.Blobs;
using Millrace.Connectors;
using Millrace.Running;
using Millrace.UserCode;

namespace Millrace;

/// <summary>Silo processes that have no directory in common: checkpoints, job records and packages are blobs.</summary>
[TestClass]
public sealed class AzureStorageTests
{
    private const int Records = 6_000;

    [TestMethod]
    public async Task A_job_outlives_its_silos_with_nothing_but_blobs_and_writes_every_row_once()
    {
        using Azurite? azure = await Azurite.TryStartBlobsAsync();
        if (azure is null)
        {
            Assert.Inconclusive(Azurite.Missing);
        }

        using var output = new TemporaryDirectory();
        await using SiloCluster cluster = await SiloCluster.StartAsync(
            "blobs",
            silos: 3,
            slots: 2,
            $"AzureStorage:ConnectionString={azure.ConnectionString}",
            "Checkpoints:Directory=azblob://cluster/checkpoints",
            "Jobs:Directory=azblob://cluster/jobs",
            "Packages:Directory=azblob://cluster/packages");
        BlobContainerClient container = new(azure.ConnectionString, "cluster");
        string job = (await cluster.SayAsync(
            "run", "-d", "-p", "3", "-c", "NumberedJob", BuiltJobs.Assembly("Troubles"),
            "--", "--output", output["out"], "--records", $"{Records}")).WithCode(ExitCodes.Success).Output.Trim();

        foreach (string silo in new[] { "silo-1", "silo-3" })
        {
            await NumberedRows.MoreThanNowAsync(output["out"]);
            Assert.Contains(
                name => name.StartsWith($"checkpoints/{job}/", StringComparison.Ordinal), Names(container));
            cluster.Kill(silo);
            (await Said.ByAsync("cluster", "add", "--name", "blobs")).WithCode(ExitCodes.Success);
        }

        await NumberedRows.EndAsync(cluster, job);
        CollectionAssert.AreEquivalent(NumberedRows.Of(Records), NumberedRows.In(output["out"]));
        Assert.Contains($"jobs/{job}/record.json", Names(container));
        Assert.ContainsSingle(name => name.StartsWith("packages/", StringComparison.Ordinal), Names(container));
        await Eventually.SeeAsync(
            "its checkpoints are removed",
            () => Task.FromResult(Names(container)),
            names => !names.Any(name => name.StartsWith("checkpoints/", StringComparison.Ordinal)));
    }

    private static string[] Names(BlobContainerClient container) => [.. container.GetBlobs().Select(blob => blob.Name)];
}
