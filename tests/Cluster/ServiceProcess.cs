using System.Diagnostics;
using System.Globalization;
using Millrace.Local;
using Millrace.UserCode;

namespace Millrace;

/// <summary>A silo with the settings that <c>deploy/systemd</c> gives it, started and stopped as by systemd.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private readonly Process _process;

    private ServiceProcess(Process process) => _process = process;

    /// <summary>How long systemd waits for it to stop.</summary>
    private static TimeSpan StopTimeout =>
        TimeSpan.FromSeconds(int.Parse(Unit("TimeoutStopSec").Single(), CultureInfo.InvariantCulture));

    /// <summary>Starts a silo of this build.</summary>
    /// <param name="host">Name of its machine.</param>
    /// <param name="cache">Where its machine keeps caches.</param>
    /// <param name="filledIn">What an operator writes in place of the example's values, by key.</param>
    public static ServiceProcess Start(string host, string cache, IReadOnlyDictionary<string, string> filledIn)
    {
        var silo = SiloProgram.BesideThis();
        Assert.ContainsSingle(
            program => Path.GetFileName(program) == Path.GetFileNameWithoutExtension(silo.Assembly), Unit("ExecStart"));
        var start = new ProcessStartInfo(silo.Dotnet, ["exec", silo.Assembly]);
        foreach ((string key, string value) in Unit("Environment").Concat(Example()).Select(Setting))
        {
            string expanded = value.Replace("%C", cache, StringComparison.Ordinal)
                .Replace("%H", host, StringComparison.Ordinal);
            start.Environment[key] = filledIn.GetValueOrDefault(key, expanded);
        }

        return new ServiceProcess(Process.Start(start)!);
    }

    /// <summary>Asks it to stop, and waits as long as systemd does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        using var patience = new CancellationTokenSource(StopTimeout, TimeProvider.System);
        Assert.IsTrue(PosixProcess.TryTerminate(_process.Id), "it has ended before it was stopped");
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static string File(string name) => Path.Combine(BuiltJobs.Repository, "deploy", "systemd", name);

    /// <summary>What the unit says of a directive, each time it does.</summary>
    private static IEnumerable<string> Unit(string directive) =>
        from line in System.IO.File.ReadLines(File("millrace.service"))
        where line.StartsWith(directive + '=', StringComparison.Ordinal)
        select line[(directive.Length + 1)..];

    private static IEnumerable<string> Example() =>
        System.IO.File.ReadLines(File("silo.env")).Where(line => line.Length > 0 && line[0] != '#');

    private static (string Key, string Value) Setting(string line)
    {
        string[] parts = line.Split('=', 2);
        return (parts[0], parts[1].Trim('"'));
    }
}
