using System.CommandLine;
using Millrace.Local;
using Millrace.Output;

namespace Millrace.Commands;

/// <summary>millrace cluster add</summary>
internal sealed class ClusterAdd(Terminal terminal)
{
    private readonly Option<int> _silos = LocalClusterOption.CreateCount("--silos", "Silo processes to add.", 1);

    private readonly Option<int?> _slots = LocalClusterOption.CreateOptionalCount(
        "--slots", "Task slots of each added silo. [default: as given to 'start']");

    private readonly Option<string> _name = LocalClusterOption.CreateName();

    public Command Create()
    {
        var command = new Command("add", "Add silos to a running cluster and return when they are active.")
        {
            _silos, _slots, _name,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult words, CancellationToken cancellationToken)
    {
        var cluster = new LocalCluster(LocalHome.Cluster(words.GetRequiredValue(_name)));
        IReadOnlyList<LocalSilo> added = await cluster.AddAsync(
            words.GetValue(_silos), words.GetValue(_slots), cancellationToken);
        terminal.Output.WriteLine($"{Texts.Count(added.Count, "silo")} joined cluster '{cluster.Directory.Name}'.");
        SiloTable.Write(terminal, added);
        return ExitCodes.Success;
    }
}
