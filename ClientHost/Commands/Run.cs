using System.CommandLine;
using Millrace.Connections;
using Millrace.Output;
using Millrace.Programs;
using Millrace.Runs;

namespace Millrace.Commands;

/// <summary>millrace run</summary>
/// <param name="terminal">Where to print.</param>
/// <param name="interrupts">Ctrl-C cancels the job.</param>
/// <param name="args">The program's arguments.</param>
internal sealed class Run(Terminal terminal, Interrupts interrupts, string[] args)
{
    private readonly ConnectionOptions _connection = new();
    private readonly ProgramOptions _program = new();

    private readonly Option<bool> _detached = new("--detached", "-d")
    {
        Description = "Print the id of the job and do not wait for it.",
    };

    private readonly RestoreOptions _restore = new();

    public Command Create()
    {
        var command = new Command(
            "run",
            "Run a program: millrace run [options] <program> [-- <its arguments>]. On the cluster that is named, else "
            + "on the running cluster 'default' of this machine, else in a cluster inside this command. Exit code 0 "
            + "when the job has finished, 1 when it failed or was canceled, 2 when the arguments are wrong, 3 when the "
            + "cluster has stopped answering and the job may still run.");
        _program.AddTo(command);
        command.Options.Add(_detached);
        _restore.AddTo(command);
        _connection.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult words, CancellationToken cancellationToken)
    {
        ClusterChoice choice = _connection.Choose(words);
        if (choice.IsNamed && !choice.MayRun())
        {
            throw choice.Local!.NotRunning();
        }

        int? parallelism = words.GetValue(_program.Parallelism) ?? ProgramTarget.EnvironmentParallelism;
        bool isDetached = words.GetValue(_detached);
        await using RunPlace place = RunPlace.Of(choice, parallelism, _restore.Choose(words));
        if (isDetached && place.IsOwnProcess)
        {
            throw choice.Local!.NotRunning();
        }

        if (place.IsOwnProcess)
        {
            terminal.Error.WriteLine("No cluster is running on this machine; the job runs inside this command.");
        }

        using ClientProgram program = await _program.LoadAsync(
            words, terminal.Error, cancellationToken);
        JobDoor door = await place.OpenAsync(program, cancellationToken);
        var target = new RunTarget(terminal, interrupts, door, isDetached);
        int code = await program.StartAsync(words.GetValue(_program.ClassName), args, target);
        return code == ExitCodes.Success ? target.ExitCode : code;
    }
}
