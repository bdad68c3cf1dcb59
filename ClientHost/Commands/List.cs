using System.Collections.Immutable;
using System.CommandLine;
using Millrace.Connections;
using Millrace.Jobs;
using Millrace.Output;

namespace Millrace.Commands;

/// <summary>millrace list</summary>
internal sealed class List(Terminal terminal)
{
    private readonly ConnectionOptions _connection = new();
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    private readonly Option<bool> _running = new("--running", "-r")
    {
        Description = "Only jobs that have not ended.",
    };

    public Command Create()
    {
        var command = new Command("list", "List the jobs of a cluster: running ones, and the latest that have ended.")
        {
            _running, _json,
        };
        _connection.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult words, CancellationToken cancellationToken)
    {
        await using ClusterConnection cluster = await ClusterConnection.OpenAsync(
            _connection.Choose(words), cancellationToken);
        ImmutableArray<JobOverview> all = await cluster.Calls.CallAsync(
            (grains, token) => grains.Dispatcher().ListAsync(token), cancellationToken);
        JobOverview[] jobs = [.. all.Where(job => !words.GetValue(_running) || !job.Status.IsTerminal())];
        if (words.GetValue(_json))
        {
            Json.Write(terminal.Output, jobs.Select(JobTable.ToJson));
            return ExitCodes.Success;
        }

        if (jobs.Length == 0)
        {
            terminal.Output.WriteLine(words.GetValue(_running) ? "No running jobs." : "No jobs.");
            return ExitCodes.Success;
        }

        JobTable.Write(terminal, jobs, TimeProvider.System.GetUtcNow());
        return ExitCodes.Success;
    }
}
