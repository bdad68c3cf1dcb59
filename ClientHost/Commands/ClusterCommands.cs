using System.CommandLine;
using Millrace.Output;

namespace Millrace.Commands;

/// <summary>millrace cluster: the silo processes of this machine.</summary>
internal static class ClusterCommands
{
    public static Command Create(Terminal terminal)
    {
        var cluster = new Command("cluster", "Start, show and stop silo processes on this machine.");
        cluster.Subcommands.Add(new ClusterStart(terminal).Create());
        cluster.Subcommands.Add(new ClusterAdd(terminal).Create());
        cluster.Subcommands.Add(new ClusterStatus(terminal).Create());
        cluster.Subcommands.Add(new ClusterStop(terminal).Create());
        return cluster;
    }
}
