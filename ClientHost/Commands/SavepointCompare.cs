using System.CommandLine;
using Millrace.Graph;
using Millrace.Output;
using Millrace.Programs;
using Millrace.Runs;
using Millrace.Savepoints;

namespace Millrace.Commands;

/// <summary>millrace savepoint check</summary>
/// <param name="terminal">Where to print.</param>
/// <param name="args">The program's arguments.</param>
internal sealed class SavepointCompare(Terminal terminal, string[] args)
{
    private const int DefaultParallelism = 1;

    private readonly ProgramOptions _program = new();
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    private readonly Argument<string> _path = new("path")
    {
        Description = "Folder of a savepoint, or of a checkpoint that was kept.",
    };

    public Command Create()
    {
        var command = new Command(
            "check",
            "Show what a program would keep, drop, and not be able to read of a savepoint, before anything is stopped: "
            + "millrace savepoint check <path> <program> [-- <its arguments>]. Its functions are opened for that, but "
            + "no source and no sink. Exit code 1 when it drops an operator with state, cannot read a state, or would "
            + "be refused. No cluster is needed.")
        {
            _path,
        };
        _program.AddTo(command);
        command.Options.Add(_json);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult words, CancellationToken cancellationToken)
    {
        SavepointReader savepoint = await SavepointReader.OpenAsync(words.GetRequiredValue(_path), cancellationToken);
        using ClientProgram program = await _program.LoadAsync(words, terminal.Error, cancellationToken);
        var target = new PlanTarget(words.GetValue(_program.Parallelism) ?? DefaultParallelism);
        try
        {
            await program.StartAsync(words.GetValue(_program.ClassName), args, target)
                .WaitAsync(cancellationToken);
        }
        catch (PlanTakenException)
        {
            // As far as a program can be followed without its results.
        }

        if (target.Jobs.Count == 0)
        {
            terminal.WriteError("The program's Main submitted no job with these arguments.");
            return ExitCodes.Failure;
        }

        List<(JobGraph Plan, SavepointCheck Check)> checks = [];
        foreach (DefinedJob job in target.Jobs)
        {
            checks.Add((job.Plan, await SavepointCheck.OfAsync(savepoint, job, cancellationToken)));
        }

        if (words.GetValue(_json))
        {
            Json.Write(terminal.Output, checks.Select(static one => new { one.Plan.Name, one.Check }));
        }
        else
        {
            foreach ((JobGraph plan, SavepointCheck check) in checks)
            {
                SavepointPage.Write(terminal, plan.Name, check);
            }
        }

        return checks.TrueForAll(static one => one.Check.IsCompatible)
            ? ExitCodes.Success
            : ExitCodes.Failure;
    }
}
