using System.CommandLine;
using Millrace.Connections;
using Millrace.Jobs;
using Millrace.Output;
using Millrace.Programs;

namespace Millrace.Commands;

/// <summary>millrace show</summary>
internal sealed class Show(Terminal terminal)
{
    private readonly ConnectionOptions _connection = new();
    private readonly Argument<string> _job = JobArgument.Create();
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    public Command Create()
    {
        var command = new Command("show", "Show a job: its vertices, where their subtasks run, and what failed.")
        {
            _job, _json,
        };
        _connection.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult words, CancellationToken cancellationToken)
    {
        ClusterChoice choice = _connection.Choose(words);
        await using ClusterConnection cluster = await ClusterConnection.OpenAsync(choice, cancellationToken);
        JobHandle job = await JobFinder.FindAsync(cluster.Calls, words.GetRequiredValue(_job), cancellationToken);
        JobDetails details = await job.GetDetailsAsync(cancellationToken);
        var page = new JobPage(details, choice.Local?.Silos() ?? [], TimeProvider.System.GetUtcNow());
        if (words.GetValue(_json))
        {
            Json.Write(terminal.Output, page.ToJson());
            return ExitCodes.Success;
        }

        page.Write(terminal);
        return ExitCodes.Success;
    }
}
