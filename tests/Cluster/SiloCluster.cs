using System.Diagnostics;
using Millrace.Local;

namespace Millrace;

/// <summary>A cluster of silo processes of a test's own, by way of the millrace command.</summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private SiloCluster(string name) => Name = name;

    public string Name { get; }

    public LocalCluster Local => new(LocalHome.Cluster(Name));

    /// <summary>One that was started otherwise.</summary>
    public static SiloCluster Of(string name) => new(name);

    /// <summary>Starts it and waits until it is there.</summary>
    /// <param name="name">Of the cluster; one for each test class.</param>
    /// <param name="silos">Silo processes.</param>
    /// <param name="slots">Task slots of each.</param>
    /// <param name="settings">Each <c>key=value</c>.</param>
    public static async Task<SiloCluster> StartAsync(string name, int silos, int slots, params string[] settings)
    {
        string[] words =
        [
            "cluster", "start", "--name", name, "--silos", $"{silos}", "--slots", $"{slots}",
            .. settings.SelectMany(setting => new[] { "-D", setting }),
        ];
        (await Said.ByAsync(words)).WithCode(ExitCodes.Success);
        return new SiloCluster(name);
    }

    /// <summary>Runs a command of the cluster's user.</summary>
    /// <param name="command">Such as <c>run</c>.</param>
    /// <param name="words">What follows it.</param>
    public Task<Said> SayAsync(string command, params string[] words) =>
        Said.ByAsync([command, "--cluster", Name, .. words]);

    /// <summary>Ends a silo process as the kernel does when memory is short.</summary>
    public void Kill(string silo)
    {
        using var process = Process.GetProcessById(Local.Silos().Single(found => found.Name == silo).Pid);
        process.Kill();
        process.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (Local.IsRunning())
        {
            await Local.StopAsync(CancellationToken.None);
        }
    }
}
