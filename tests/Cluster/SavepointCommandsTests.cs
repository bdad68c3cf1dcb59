using System.Text.Json;
using Millrace.Connectors;
using Millrace.UserCode;

namespace Millrace;

/// <summary>The commands about checkpoints and savepoints, on silo processes.</summary>
[TestClass]
public sealed class SavepointCommandsTests
{
    private const int Records = 4_000;

    private static string Troubles => BuiltJobs.Assembly("Troubles");

    [TestMethod]
    public async Task A_job_is_looked_at_saved_stopped_and_rescaled_and_writes_every_row_once()
    {
        using var directory = new TemporaryDirectory();
        string output = directory["out"];
        string[] program =
        [
            "-c", "NumberedJob", Troubles,
            "--", "--output", output, "--records", $"{Records}", "--rate", "400",
        ];
        await using SiloCluster cluster = await SiloCluster.StartAsync("savepoints", silos: 2, slots: 2);
        string job = Id(await cluster.SayAsync("run", ["-d", "-p", "2", .. program]));
        await NumberedRows.MoreThanNowAsync(output);

        using (var shown = JsonDocument.Parse(
            (await cluster.SayAsync("show", "--checkpoints", "--json", job)).WithCode(ExitCodes.Success).Output))
        {
            JsonElement last = shown.RootElement.EnumerateArray()
                .First(one => one.GetProperty("status").GetString() == "COMPLETED");
            Assert.IsGreaterThan(0, last.GetProperty("bytes").GetInt64());
            Assert.IsGreaterThan(0, last.GetProperty("vertices").GetArrayLength());
        }

        Assert.Contains(
            "ON THE LOOP", (await cluster.SayAsync("show", "--checkpoints", job)).WithCode(ExitCodes.Success).Output);

        string kept = Id(await cluster.SayAsync("savepoint", job, directory["savepoints"]));
        Assert.Contains("count", (await Said.ByAsync("savepoint", "inspect", kept)).WithCode(ExitCodes.Success).Output);
        (await Said.ByAsync(["savepoint", "check", kept, .. program])).WithCode(ExitCodes.Success);

        string stopped = Id(await cluster.SayAsync("stop", "-p", directory["savepoints"], job));
        Assert.AreNotEqual(kept, stopped);
        Assert.AreEqual("FINISHED", JobStatuses.In(await cluster.SayAsync("show", "--json", job)));

        string next = Id(await cluster.SayAsync("run", ["-d", "-p", "1", "-s", stopped, .. program]));
        await NumberedRows.MoreThanNowAsync(output);
        string rescaled = Id(await cluster.SayAsync("rescale", "-p", "4", "-s", directory["savepoints"], next));
        await NumberedRows.EndAsync(cluster, rescaled);

        CollectionAssert.AreEquivalent(NumberedRows.Of(Records), NumberedRows.In(output));
    }

    [TestMethod]
    public async Task What_is_no_savepoint_is_refused_by_name()
    {
        using var directory = new TemporaryDirectory();

        Said said = await Said.ByAsync("savepoint", "inspect", directory["nothing"]);

        Assert.Contains("there is no _metadata in it", said.WithCode(ExitCodes.Failure).Error);
        Assert.Contains(directory["nothing"], said.Error);
    }

    private static string Id(Said said) => said.WithCode(ExitCodes.Success).Output.Trim();
}
