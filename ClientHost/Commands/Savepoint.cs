using System.CommandLine;
using Millrace.Connections;
using Millrace.Output;
using Millrace.Programs;

namespace Millrace.Commands;

/// <summary>millrace savepoint</summary>
/// <param name="terminal">Where to print.</param>
/// <param name="args">Of the program that a savepoint is checked for.</param>
internal sealed class Savepoint(Terminal terminal, string[] args)
{
    private readonly ConnectionOptions _connection = new();
    private readonly Argument<string> _job = JobArgument.Create();

    private readonly Argument<string?> _directory = new("directory")
    {
        Description = "Where its folder is made: a path that all silos see, or a URI. [default: the cluster's]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public Command Create()
    {
        var command = new Command(
            "savepoint",
            "Take a savepoint of a running job, which goes on, and print its path: "
            + "millrace savepoint <job> [directory].")
        {
            _job, _directory,
        };
        command.Subcommands.Add(new SavepointInspect(terminal).Create());
        command.Subcommands.Add(new SavepointCompare(terminal, args).Create());
        _connection.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult words, CancellationToken cancellationToken)
    {
        await using ClusterConnection cluster = await ClusterConnection.OpenAsync(
            _connection.Choose(words), cancellationToken);
        JobHandle job = await JobFinder.FindAsync(cluster.Calls, words.GetRequiredValue(_job), cancellationToken);
        string path = await job.SavepointAsync(words.GetValue(_directory), cancellationToken);
        terminal.Output.WriteLine(path);
        return ExitCodes.Success;
    }
}
