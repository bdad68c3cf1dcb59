using System.CommandLine;
using Millrace.Connections;
using Millrace.Output;
using Millrace.Programs;

namespace Millrace.Commands;

/// <summary>millrace stop</summary>
internal sealed class Stop(Terminal terminal)
{
    private readonly ConnectionOptions _connection = new();
    private readonly Argument<string> _job = JobArgument.Create();

    private readonly Option<bool> _drain = new("--drain", "-d")
    {
        Description = "Stop for good: event time comes to its end first, so that every window fires.",
    };

    private readonly Option<string?> _directory = SavepointPath.Create();

    public Command Create()
    {
        var command = new Command(
            "stop",
            "Stop a job with a savepoint and print its path. What its sinks have written is visible then, and nothing "
            + "is processed behind it: 'millrace run -s <path>' goes on. A job that cannot take the savepoint goes on.")
        {
            _job, _drain, _directory,
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
        string path = await job.StopWithSavepointAsync(
            words.GetValue(_directory), words.GetValue(_drain), cancellationToken);
        terminal.Output.WriteLine(path);
        return ExitCodes.Success;
    }
}
