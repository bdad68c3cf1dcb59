using System.Text.Json;
using Millrace.Connectors;
using Millrace.UserCode;

namespace Millrace;

/// <summary>Silos are lost while jobs run on them.</summary>
[TestClass]
public sealed class LostSiloTests
{
    private static string Troubles => BuiltJobs.Assembly("Troubles");

    // Without checkpoints a job that loses a silo cannot go on; everything else does.
    [TestMethod]
    [DataRow("silo-1", "lost1")]
    [DataRow("silo-3", "lost3")]
    public async Task A_job_on_a_killed_silo_fails_naming_it_and_the_cluster_takes_the_next_job(
        string silo, string name)
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(name, silos: 3, slots: 2);
        string job = (await cluster.SayAsync("run", "-d", "-p", "6", "-c", "EndlessJob", Troubles))
            .WithCode(ExitCodes.Success).Output.Trim();
        await JobStatuses.SeeAsync(cluster, job, "RUNNING");

        cluster.Kill(silo);

        Said failed = await JobStatuses.SeeAsync(cluster, job, "FAILED");
        Assert.Contains(silo, FailureIn(failed), "The lost silo is named.");
        Said next = await cluster.SayAsync("run", "-p", "4", "-c", "CountingJob", Troubles, "--", "--records", "1000");
        Assert.Contains("seen: 1000", next.WithCode(ExitCodes.Success).Output);
    }

    // The first silo of a cluster has every grain. What a grain directory may hold back after a loss is held back for
    // longer than this test allows.
    [TestMethod]
    public async Task A_job_whose_own_grain_is_lost_goes_on_at_once()
    {
        using var directory = new TemporaryDirectory();
        await using SiloCluster cluster = await SiloCluster.StartAsync("lostgrain", silos: 1, slots: 1);
        string job = (await cluster.SayAsync(
            "run", "-d", "-p", "1", "-c", "NumberedJob", Troubles, "--", "--output", directory["out"], "--records",
            "1000000", "--rate", "100")).WithCode(ExitCodes.Success).Output.Trim();
        await JobStatuses.SeeAsync(cluster, job, "RUNNING");
        await NumberedRows.MoreThanNowAsync(directory["out"]);
        (await Said.ByAsync("cluster", "add", "--name", "lostgrain")).WithCode(ExitCodes.Success);

        long start = TimeProvider.System.GetTimestamp();
        cluster.Kill("silo-1");
        await NumberedRows.MoreThanNowAsync(directory["out"]);
        TimeSpan took = TimeProvider.System.GetElapsedTime(start);

        Assert.IsLessThan(TimeSpan.FromSeconds(20), took);
        (await cluster.SayAsync("cancel", job)).WithCode(ExitCodes.Success);
    }

    [TestMethod]
    public async Task A_function_that_never_returns_costs_its_slot_and_the_silo_says_so()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(
            "stuck", silos: 1, slots: 2, "Tasks:CancellationTimeout=00:00:01", "Jobs:CancellationMargin=00:00:01");
        string job = (await cluster.SayAsync("run", "-d", "-p", "1", "-c", "StuckJob", Troubles))
            .WithCode(ExitCodes.Success).Output.Trim();
        await JobStatuses.SeeAsync(cluster, job, "RUNNING");

        Said canceled = await cluster.SayAsync("cancel", job);

        Assert.Contains("CANCELED", canceled.ToString());
        Said status = await Eventually.SeeAsync(
            "the silo reports its lost slot",
            () => Said.ByAsync("cluster", "status", "--name", "stuck"),
            said => said.Output.Contains("silo-1 should be replaced", StringComparison.Ordinal));
        Assert.Contains("1 of 2 slots free", status.Output);
        Said next = await cluster.SayAsync("run", "-p", "1", "-c", "CountingJob", Troubles);
        next.WithCode(ExitCodes.Success);
    }

    private static string FailureIn(Said shown)
    {
        using var json = JsonDocument.Parse(shown.Output);
        return json.RootElement.GetProperty("failure").GetRawText();
    }
}
