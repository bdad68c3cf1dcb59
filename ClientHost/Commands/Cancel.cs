using System.CommandLine;
using Millrace.Connections;
using Millrace.Jobs;
using Millrace.Output;
using Millrace.Programs;

namespace Millrace.Commands;

/// <summary>millrace cancel</summary>
internal sealed class Cancel(Terminal terminal)
{
    private readonly ConnectionOptions _connection = new();
    private readonly Argument<string> _job = JobArgument.Create();

    private readonly Option<bool> _detached = new("--detached", "-d")
    {
        Description = "Only ask; do not wait for the end of the job.",
    };

    public Command Create()
    {
        var command = new Command("cancel", "Cancel a job and wait for its end. Exit code 1 when it ended otherwise.")
        {
            _job, _detached,
        };
        _connection.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult words, CancellationToken cancellationToken)
    {
        await using ClusterConnection cluster = await ClusterConnection.OpenAsync(
            _connection.Choose(words), cancellationToken);
        JobHandle job = await JobFinder.FindAsync(cluster.Calls, words.GetRequiredValue(_job), cancellationToken);
        JobStatus before = (await job.GetDetailsAsync(cancellationToken)).Status;
        if (before.IsTerminal())
        {
            terminal.WriteError($"Job {job.Id} has ended already: {Texts.Word(before)}.");
            return ExitCodes.Failure;
        }

        await job.CancelAsync(cancellationToken);
        if (words.GetValue(_detached))
        {
            terminal.Output.WriteLine($"Job {job.Id} was asked to stop.");
            return ExitCodes.Success;
        }

        JobResult result = await job.WaitAsync(cancellationToken);
        if (result.Status == JobStatus.Canceled)
        {
            terminal.Output.WriteLine(JobReport.Headline(result));
            return ExitCodes.Success;
        }

        terminal.Error.WriteLine(JobReport.Headline(result));
        return ExitCodes.Failure;
    }
}
