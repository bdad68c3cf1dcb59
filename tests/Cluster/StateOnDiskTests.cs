using Millrace.Connectors;
using Millrace.UserCode;

namespace Millrace;

/// <summary>Silo processes that keep state on their disk, and are killed.</summary>
[TestClass]
public sealed class StateOnDiskTests
{
    private const int Records = 6_000;

    [TestMethod]
    public async Task A_job_goes_on_elsewhere_and_what_the_killed_left_on_the_disk_goes_with_the_next_silo()
    {
        using var directory = new TemporaryDirectory();
        await using SiloCluster cluster = await SiloCluster.StartAsync(
            "disk", silos: 3, slots: 2, "State:Backend=Disk", $"State:Disk:Directory={directory["state"]}");
        string job = (await cluster.SayAsync(
            "run", "-d", "-p", "3", "-c", "NumberedJob", BuiltJobs.Assembly("Troubles"),
            "--", "--output", directory["out"], "--records", $"{Records}")).WithCode(ExitCodes.Success).Output.Trim();

        HashSet<string> seen = [];
        foreach (string silo in new[] { "silo-1", "silo-3" })
        {
            await NumberedRows.MoreThanNowAsync(directory["out"]);
            seen.UnionWith(Folders(directory["state"]));
            cluster.Kill(silo);
            (await Said.ByAsync("cluster", "add", "--name", "disk")).WithCode(ExitCodes.Success);
        }

        await NumberedRows.EndAsync(cluster, job);
        CollectionAssert.AreEquivalent(NumberedRows.Of(Records), NumberedRows.In(directory["out"]));
        seen.UnionWith(Folders(directory["state"]));
        Assert.IsGreaterThan(3, seen.Count, "folders of processes that there were");
        Assert.IsLessThanOrEqualTo(3, Folders(directory["state"]).Length, "only the living have folders");
    }

    private static string[] Folders(string directory) =>
        Directory.Exists(directory) ? Directory.GetDirectories(directory) : [];
}
