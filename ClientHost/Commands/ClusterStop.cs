using System.CommandLine;
using Millrace.Local;
using Millrace.Output;

namespace Millrace.Commands;

/// <summary>millrace cluster stop</summary>
internal sealed class ClusterStop(Terminal terminal)
{
    private readonly Option<string> _name = LocalClusterOption.CreateName();

    public Command Create()
    {
        var command = new Command("stop", "Stop all silos of a cluster; those that do not stop in time are killed.")
        {
            _name,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult words, CancellationToken cancellationToken)
    {
        var cluster = new LocalCluster(LocalHome.Cluster(words.GetRequiredValue(_name)));
        IReadOnlyList<LocalSilo> stopped = await cluster.StopAsync(cancellationToken);
        string[] killed = [.. stopped.Where(silo => silo.State == SiloState.Dead).Select(silo => silo.Name)];
        string note = killed.Length == 0 ? "" : $" Did not stop in time and killed: {string.Join(", ", killed)}.";
        terminal.Output.WriteLine(
            $"Cluster '{cluster.Directory.Name}' has stopped: {Texts.Count(stopped.Count, "silo")}.{note}");
        return ExitCodes.Success;
    }
}
