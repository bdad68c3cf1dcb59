namespace Millrace.Clustering;

/// <summary>Real silos with the product's settings: joining, dying, being declared dead, starting again.</summary>
[TestClass]
public sealed class SilosTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private ClusteringOptions OnFile => new() { ClusterId = "silos", Directory = _directory.Path };

    public void Dispose() => _directory.Dispose();

    [TestMethod]
    [DataRow(ClusteringProvider.File)]
    [DataRow(ClusteringProvider.InProcess)]
    public async Task A_silo_that_crashes_is_declared_dead_and_another_one_joins(ClusteringProvider provider)
    {
        ClusteringOptions clustering = provider == ClusteringProvider.File
            ? OnFile
            : new ClusteringOptions { Provider = provider, InProcess = new InProcessMembership() };
        TestSilo[] silos = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => TestSilo.StartAsync(clustering)));
        SiloAddress[] addresses = [.. silos.Select(silo => silo.Address)];
        await Task.WhenAll(silos.Select(silo => silo.SeesAsync(addresses)));

        await silos[0].CrashAsync();
        await silos[1].SeesAsync(addresses[1..], addresses[0]);
        await silos[2].SeesAsync(addresses[1..], addresses[0]);

        await using TestSilo next = await TestSilo.StartAsync(clustering);
        SiloAddress[] remaining = [.. addresses[1..], next.Address];
        await next.SeesAsync(remaining);
        await silos[1].SeesAsync(remaining, addresses[0]);
        Assert.AreEqual(SiloStatus.Dead, next.Membership.CurrentSnapshot.GetSiloStatus(addresses[0]));
        foreach (TestSilo silo in silos)
        {
            await silo.DisposeAsync();
        }
    }

    [TestMethod]
    public async Task The_process_of_the_first_silo_is_killed_and_the_cluster_goes_on()
    {
        await using var first = ChildProcess.Start("membership", "silo", _directory.Path);
        var killed = SiloAddress.FromParsableString(await first.HearAsync("active"));
        await using TestSilo second = await TestSilo.StartAsync(OnFile);
        await second.SeesAsync([killed, second.Address]);

        await first.KillAsync();
        await second.SeesAsync([second.Address], killed);

        await using TestSilo third = await TestSilo.StartAsync(OnFile);
        await second.SeesAsync([second.Address, third.Address], killed);
        Assert.AreEqual(SiloStatus.Dead, third.Membership.CurrentSnapshot.GetSiloStatus(killed));
    }

    [TestMethod]
    public async Task A_cluster_that_was_killed_whole_does_not_keep_the_next_one_from_starting()
    {
        await using var first = ChildProcess.Start("membership", "silo", _directory.Path);
        await using var second = ChildProcess.Start("membership", "silo", _directory.Path);
        SiloAddress[] killed =
        [
            SiloAddress.FromParsableString(await first.HearAsync("active")),
            SiloAddress.FromParsableString(await second.HearAsync("active")),
        ];
        await first.KillAsync();
        await second.KillAsync();

        // With this patience Orleans itself would wait for their rows far longer than the test does.
        ClusteringOptions patient = OnFile;
        patient.Membership.ProbeTimeout = TimeSpan.FromMinutes(1);
        patient.Membership.MaxProbeTimeout = TimeSpan.FromMinutes(5);
        patient.Membership.HeartbeatPeriod = TimeSpan.FromMinutes(5);
        await using TestSilo next = await TestSilo.StartAsync(patient);
        foreach (SiloAddress silo in killed)
        {
            Assert.AreEqual(SiloStatus.Dead, next.Membership.CurrentSnapshot.GetSiloStatus(silo));
        }
    }

    [TestMethod]
    public async Task A_silo_declared_dead_by_the_others_stops_itself_and_not_the_process()
    {
        var clustering = new ClusteringOptions
        {
            Provider = ClusteringProvider.InProcess,
            InProcess = new InProcessMembership(),
        };
        await using TestSilo healthy = await TestSilo.StartAsync(clustering);
        await using TestSilo condemned = await TestSilo.StartAsync(clustering);
        var stopped = new TaskCompletionSource();
        condemned.Lifetime.ApplicationStopped.Register(stopped.SetResult);

        await healthy.Membership.TryKill(condemned.Address);

        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.IsFalse(healthy.Lifetime.ApplicationStopping.IsCancellationRequested);
        await healthy.SeesAsync([healthy.Address], condemned.Address);
    }
}
