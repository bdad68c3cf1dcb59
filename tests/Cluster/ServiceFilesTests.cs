using Millrace.Connectors;
using Millrace.Running;
using Millrace.UserCode;

namespace Millrace;

/// <summary>Silos as <c>deploy/systemd</c> sets them up, each on a machine of its own but for the network.</summary>
[TestClass]
public sealed class ServiceFilesTests
{
    private const int Records = 6_000;

    [TestMethod]
    public async Task Silos_set_up_as_services_make_a_cluster_on_which_a_job_outlives_the_stop_of_each()
    {
        using Azurite? blobs = await Azurite.TryStartBlobsAsync();
        using Azurite? tables = await Azurite.TryStartTablesAsync();
        if (blobs is null || tables is null)
        {
            Assert.Inconclusive(Azurite.Missing);
        }

        using var directory = new TemporaryDirectory();
        Dictionary<string, string> filledIn = FilledIn(blobs, tables);
        using ServiceProcess first = ServiceProcess.Start("first", directory["first"], filledIn);
        using ServiceProcess second = ServiceProcess.Start("second", directory["second"], filledIn);
        string[] cluster =
        [
            "-D", "Clustering:Provider=AzureStorage", "-D", "Clustering:ClusterId=production",
            "-D", $"Clustering:ConnectionString={tables.ConnectionString}",
        ];
        string job = (await Said.ByAsync(
            [
                "run", .. cluster, "-d", "-p", "4", "-c", "NumberedJob", BuiltJobs.Assembly("Troubles"),
                "--", "--output", directory["out"], "--records", $"{Records}",
            ])).WithCode(ExitCodes.Success).Output.Trim();

        await NumberedRows.MoreThanNowAsync(directory["out"]);
        Assert.AreEqual(0, await first.StopAsync());
        using ServiceProcess again = ServiceProcess.Start("first", directory["first"], filledIn);
        await NumberedRows.MoreThanNowAsync(directory["out"]);
        Assert.AreEqual(0, await second.StopAsync());
        using ServiceProcess secondAgain = ServiceProcess.Start("second", directory["second"], filledIn);

        await Eventually.SeeAsync(
            $"job {job} is FINISHED",
            () => Said.ByAsync(["show", .. cluster, "--json", job]),
            said => JobStatuses.In(said) == "FINISHED");
        CollectionAssert.AreEquivalent(NumberedRows.Of(Records), NumberedRows.In(directory["out"]));
        Assert.IsTrue(Directory.Exists(Path.Combine(directory["first"], "millrace", "unpacked")));
    }

    /// <summary>What machines with one address have to say otherwise than the example.</summary>
    private static Dictionary<string, string> FilledIn(Azurite blobs, Azurite tables) => new()
    {
        ["Millrace__Silo__Address"] = "127.0.0.1",
        ["Millrace__Silo__SiloPort"] = "0",
        ["Millrace__Silo__GatewayPort"] = "0",
        ["Millrace__Exchange__Address"] = "127.0.0.1",
        ["Millrace__Exchange__Port"] = "0",
        ["Millrace__Clustering__ConnectionString"] = tables.ConnectionString,
        ["Millrace__AzureStorage__ConnectionString"] = blobs.ConnectionString,
    };
}
