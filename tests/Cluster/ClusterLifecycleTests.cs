using System.Diagnostics;
using System.Text.Json;
using Millrace.Local;

namespace Millrace;

/// <summary>Silo processes come and go.</summary>
[TestClass]
public sealed class ClusterLifecycleTests
{
    [TestMethod]
    public async Task Three_silos_start_are_shown_are_not_started_twice_and_stop()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync("life", silos: 3, slots: 2);

        Said status = await Said.ByAsync("cluster", "status", "--name", "life");
        foreach (string silo in new[] { "silo-1", "silo-2", "silo-3" })
        {
            Assert.Contains(silo, status.WithCode(ExitCodes.Success).Output);
        }

        await SeeSlotsAsync("life", 6);

        Said again = await Said.ByAsync("cluster", "start", "--name", "life");
        Assert.Contains("Cluster 'life' is running already: silo-1 (process ", again.WithCode(ExitCodes.Failure).Error);

        Process[] processes = [.. cluster.Local.Silos().Select(silo => Process.GetProcessById(silo.Pid))];
        Said stop = await Said.ByAsync("cluster", "stop", "--name", "life");
        Assert.Contains("has stopped: 3 silos", stop.WithCode(ExitCodes.Success).Output);
        Assert.DoesNotContain("killed", stop.Output, "Each left by itself.");

        // They have ended; that their parent has seen it too may take a moment.
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        await Task.WhenAll(processes.Select(process => process.WaitForExitAsync(patience.Token)));

        (await Said.ByAsync("cluster", "stop", "--name", "life")).WithCode(ExitCodes.Failure);
        (await Said.ByAsync("cluster", "status", "--name", "life")).WithCode(ExitCodes.Failure);
    }

    [TestMethod]
    [DataRow("Jobs:SlotRequestTimeout=soon", "Millrace:Jobs:SlotRequestTimeout is 'soon'; a time such as 00:00:30")]
    [DataRow(
        "Jobs:SlotRequestTimeout=05:00:00",
        "Millrace:Jobs:SlotRequestTimeout is '05:00:00'; from 00:00:00 to 01:00:00 is possible")]
    [DataRow("Jobs:SlotRequestTimeot=00:00:05", "Millrace:Jobs:SlotRequestTimeot is no setting; Millrace:Jobs has ")]
    [DataRow("State:Disk:MemoryBugdet=1", "Millrace:State:Disk:MemoryBugdet is no setting")]
    [DataRow("Silo:SiloPort=x", "Millrace:Silo:SiloPort is 'x'; a whole number is needed")]
    [DataRow("Checkpoints:Directory=ftp://x/y", "Millrace:Checkpoints:Directory is 'ftp://x/y'")]
    public async Task A_setting_that_cannot_work_is_told_in_a_line(string setting, string told)
    {
        Said said = await Said.ByAsync("cluster", "start", "--name", "wrong", "-D", setting);

        Assert.Contains(told, said.WithCode(ExitCodes.Failure).Error);
        Assert.HasCount(1, said.Error.TrimEnd().Split('\n'), said.Error);
    }

    [TestMethod]
    public async Task The_first_silo_may_be_killed_and_another_one_joins()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync("first", silos: 3, slots: 1);
        await SeeSlotsAsync("first", 3);

        cluster.Kill("silo-1");

        Said status = await Said.ByAsync("cluster", "status", "--name", "first");
        Assert.Contains("Dead", status.WithCode(ExitCodes.Success).Output);
        (await cluster.SayAsync("list")).WithCode(ExitCodes.Success);
        await SeeSlotsAsync("first", 2);

        Said added = await Said.ByAsync("cluster", "add", "--name", "first");
        Assert.Contains("silo-4", added.WithCode(ExitCodes.Success).Output);
        await SeeSlotsAsync("first", 3);
    }

    [TestMethod]
    public async Task A_cluster_that_was_killed_whole_starts_again()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync("whole", silos: 2, slots: 1);
        cluster.Kill("silo-1");
        cluster.Kill("silo-2");
        (await Said.ByAsync("cluster", "status", "--name", "whole")).WithCode(ExitCodes.Failure);

        Said started = await Said.ByAsync("cluster", "start", "--name", "whole", "--silos", "2", "--slots", "1");

        started.WithCode(ExitCodes.Success);
        await SeeSlotsAsync("whole", 2);
    }

    [TestMethod]
    public async Task A_silo_that_cannot_start_shows_the_end_of_its_log_and_takes_the_others_along()
    {
        Said said = await Said.ByAsync(
            "cluster", "start", "--name", "bad", "--silos", "2",
            "-D", "Clustering:Membership:ProbeTimeout=00:00:00.001");

        Assert.Contains("of cluster 'bad' did not start. ", said.WithCode(ExitCodes.Failure).Error);
        Assert.Contains("Membership:ProbeTimeout is 00:00:00.0010000", said.Error);
        Assert.IsFalse(new LocalCluster(LocalHome.Cluster("bad")).IsRunning());
    }

    // A shell reads the command's output to its end: silos that kept it open would make it wait for them.
    [TestMethod]
    public async Task The_command_returns_while_its_silos_go_on_without_its_terminal()
    {
        string millrace = Path.Combine(AppContext.BaseDirectory, "Millrace.ClientHost.dll");
        var start = new ProcessStartInfo("dotnet", [millrace, "cluster", "start", "--name", "detached"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        await using SiloCluster cluster = await RunAsync(start);

        LocalSilo silo = cluster.Local.Silos().Single();

        Assert.AreEqual(SiloState.Active, silo.State);
        if (OperatingSystem.IsLinux())
        {
            string[] fields = (await File.ReadAllTextAsync($"/proc/{silo.Pid}/stat")).Split(") ")[^1].Split(' ');
            Assert.AreEqual($"{silo.Pid}", fields[3], "It is the first of a session of its own.");
        }
    }

    private static async Task<SiloCluster> RunAsync(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await Task.WhenAll(output, error).WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System);
        await process.WaitForExitAsync();
        Assert.AreEqual(ExitCodes.Success, process.ExitCode, await error);
        return SiloCluster.Of("detached");
    }

    private static Task SeeSlotsAsync(string cluster, int slots) => Eventually.SeeAsync(
        $"cluster '{cluster}' has {slots} slots",
        () => Said.ByAsync("cluster", "status", "--name", cluster, "--json"),
        said => SlotsIn(said) == slots);

    private static int? SlotsIn(Said status)
    {
        using var json = JsonDocument.Parse(status.WithCode(ExitCodes.Success).Output);
        return json.RootElement.TryGetProperty("totalSlots", out JsonElement slots) ? slots.GetInt32() : null;
    }
}
