using System.CommandLine;
using Millrace.Connections;
using Millrace.Output;
using Millrace.Programs;

namespace Millrace.Commands;

/// <summary>millrace rescale</summary>
internal sealed class Rescale(Terminal terminal)
{
    private readonly ConnectionOptions _connection = new();
    private readonly Argument<string> _job = JobArgument.Create();

    private readonly Option<int?> _parallelism = LocalClusterOption.CreateOptionalCount(
        "--parallelism", "Parallelism of operators that do not say their own.", "-p");

    private readonly Option<string?> _directory = SavepointPath.Create("-s");

    public Command Create()
    {
        _parallelism.Required = true;
        var command = new Command(
            "rescale",
            "Give a job another number of subtasks: stop it with a savepoint, and start it again from there under a "
            + "new id, which is printed. When it does not start like that, it is started as it was. Exit code 1 then.")
        {
            _job, _parallelism, _directory,
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
        RescaledJob rescaled = await job.RescaleAsync(
            words.GetValue(_parallelism)!.Value, words.GetValue(_directory), cancellationToken);
        terminal.Output.WriteLine(rescaled.Job.Id.ToString());
        terminal.Error.WriteLine($"Job {job} was stopped with savepoint '{rescaled.Savepoint}'.");
        if (rescaled.Failure is null)
        {
            return ExitCodes.Success;
        }

        terminal.WriteError(
            $"It does not start with that parallelism and runs as it did, as job {rescaled.Job}: {rescaled.Failure}");
        return ExitCodes.Failure;
    }
}
