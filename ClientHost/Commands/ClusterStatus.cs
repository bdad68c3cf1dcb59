using System.CommandLine;
using Millrace.Local;
using Millrace.Output;

namespace Millrace.Commands;

/// <summary>millrace cluster status</summary>
internal sealed class ClusterStatus(Terminal terminal)
{
    private readonly Option<string> _name = LocalClusterOption.CreateName();

    public Command Create()
    {
        var command = new Command("status", "Show the silos of a cluster. Exit code 1 when none runs.") { _name };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult words)
    {
        var cluster = new LocalCluster(LocalHome.Cluster(words.GetRequiredValue(_name)));
        IReadOnlyList<LocalSilo> silos = cluster.Silos();
        SiloTable.Write(terminal, silos);
        return cluster.IsRunning() ? ExitCodes.Success : throw cluster.NotRunning();
    }
}
