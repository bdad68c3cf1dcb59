using System.CommandLine;
using Millrace.Connections;
using Millrace.Local;
using Millrace.Output;

namespace Millrace.Commands;

/// <summary>millrace cluster start</summary>
internal sealed class ClusterStart(Terminal terminal)
{
    private readonly Option<int> _silos = LocalClusterOption.CreateCount("--silos", "Silo processes to start.", 1);

    private readonly Option<int?> _slots = LocalClusterOption.CreateOptionalCount(
        "--slots", "Task slots of each silo. [default: number of cores]");

    private readonly Option<string> _name = LocalClusterOption.CreateName();
    private readonly Option<string[]> _settings = Setting.CreateOption();

    public Command Create()
    {
        var command = new Command("start", "Start a cluster and return when all its silos are active.")
        {
            _silos, _slots, _name, _settings,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult words, CancellationToken cancellationToken)
    {
        var cluster = new LocalCluster(LocalHome.Cluster(words.GetRequiredValue(_name)));
        long start = TimeProvider.System.GetTimestamp();
        IReadOnlyList<LocalSilo> silos = await cluster.StartAsync(
            words.GetValue(_silos), words.GetValue(_slots), SettingsOf(words), cancellationToken);
        TimeSpan took = TimeProvider.System.GetElapsedTime(start);
        terminal.Output.WriteLine(
            $"Cluster '{cluster.Directory.Name}' is running: {Texts.Count(silos.Count, "silo")}, "
            + $"{Texts.Count(silos.Sum(silo => silo.Slots ?? 0), "slot")}, started in {took.TotalSeconds:0.0} s.");
        SiloTable.Write(terminal, silos);
        return ExitCodes.Success;
    }

    private Dictionary<string, string> SettingsOf(ParseResult words)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string text in words.GetValue(_settings) ?? [])
        {
            (string key, string? value) = Setting.Parse(text);
            settings[key] = value ?? "";
        }

        return settings;
    }
}
