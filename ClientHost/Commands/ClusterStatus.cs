using System.Collections.Immutable;
using System.CommandLine;
using Millrace.Connections;
using Millrace.Failures;
using Millrace.Jobs;
using Millrace.Local;
using Millrace.Output;
using Millrace.Slots;

namespace Millrace.Commands;

/// <summary>millrace cluster status</summary>
internal sealed class ClusterStatus(Terminal terminal)
{
    private readonly Option<string> _name = LocalClusterOption.CreateName();
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    public Command Create()
    {
        var command = new Command("status", "Show the silos of a cluster. Exit code 1 when none runs.")
        {
            _name, _json,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult words, CancellationToken cancellationToken)
    {
        string name = words.GetRequiredValue(_name);
        var choice = ClusterChoice.Of(name, []);
        IReadOnlyList<LocalSilo> silos = choice.Local!.Silos();
        ClusterPage page = choice.MayRun()
            ? await AskAsync(choice, silos, cancellationToken)
            : new ClusterPage(name, silos, Resources: null, Jobs: [], Silence: null);
        if (words.GetValue(_json))
        {
            Json.Write(terminal.Output, page.ToJson());
        }
        else
        {
            page.Write(terminal);
        }

        return choice.MayRun() ? ExitCodes.Success : throw choice.Local.NotRunning();
    }

    private static async Task<ClusterPage> AskAsync(
        ClusterChoice choice, IReadOnlyList<LocalSilo> silos, CancellationToken cancellationToken)
    {
        string name = choice.Local!.Directory.Name;
        try
        {
            await using ClusterConnection cluster = await ClusterConnection.OpenAsync(choice, cancellationToken);
            ResourceOverview resources = await cluster.Calls.CallAsync(
                (grains, token) => grains.ResourceManager().GetOverviewAsync(token), cancellationToken);
            ImmutableArray<JobOverview> jobs = await cluster.Calls.CallAsync(
                (grains, token) => grains.Dispatcher().ListAsync(token), cancellationToken);
            return new ClusterPage(name, silos, resources, [.. jobs.Where(job => !job.Status.IsTerminal())], null);
        }
        catch (StreamingException silence)
        {
            // The processes are there all the same, and worth showing.
            return new ClusterPage(name, silos, Resources: null, Jobs: [], silence.Message);
        }
    }
}
