using System.CommandLine;
using Millrace.Checkpointing.Statistics;
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
    private readonly Option<bool> _checkpoints = new("--checkpoints")
    {
        Description =
            "Show the job's last checkpoints instead: how long they took, by vertex and phase, and how large they are.",
    };

    private readonly Option<long?> _checkpoint = new("--checkpoint")
    {
        Description = "Show one of the last checkpoints instead, with the part of each subtask.",
        HelpName = "number",
    };

    public Command Create()
    {
        var command = new Command("show", "Show a job: its vertices, where their subtasks run, and what failed.")
        {
            _job, _json, _checkpoints, _checkpoint,
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
        if (words.GetValue(_checkpoint) is { } number)
        {
            CheckpointStatistics one = await job.GetCheckpointAsync(number, cancellationToken)
                ?? throw new UsageException(
                    $"Checkpoint {number} is not, or no longer, among the last ones of job {job.Id}: "
                    + "--checkpoints lists them.");
            Write(words, new CheckpointsPage([one]));
            return ExitCodes.Success;
        }

        if (words.GetValue(_checkpoints))
        {
            CheckpointHistory history = await job.GetCheckpointsAsync(cancellationToken);
            Write(words, new CheckpointsPage(history.Checkpoints));
            return ExitCodes.Success;
        }

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

    private void Write(ParseResult words, CheckpointsPage page)
    {
        if (words.GetValue(_json))
        {
            Json.Write(terminal.Output, page.ToJson());
            return;
        }

        page.Write(terminal);
    }
}
