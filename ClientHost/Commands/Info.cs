using System.CommandLine;
using Millrace.Graph;
using Millrace.Output;
using Millrace.Programs;
using Millrace.Runs;

namespace Millrace.Commands;

/// <summary>millrace info</summary>
/// <param name="terminal">Where to print.</param>
/// <param name="args">The program's arguments.</param>
internal sealed class Info(Terminal terminal, string[] args)
{
    private const int DefaultParallelism = 1;

    private readonly ProgramOptions _program = new();
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    public Command Create()
    {
        var command = new Command(
            "info",
            "Show the plan of a program without running it: millrace info [options] <program> [-- <its arguments>]. No "
            + "cluster is needed.");
        _program.AddTo(command);
        command.Options.Add(_json);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult words, CancellationToken cancellationToken)
    {
        using ClientProgram program = await _program.LoadAsync(
            words, terminal.Error, cancellationToken);
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

        if (target.Plans.Count == 0)
        {
            terminal.WriteError("The program's Main submitted no job with these arguments.");
            return ExitCodes.Failure;
        }

        if (words.GetValue(_json))
        {
            Json.Write(terminal.Output, target.Plans.Select(PlanPage.ToJson));
            return ExitCodes.Success;
        }

        foreach (JobGraph plan in target.Plans)
        {
            PlanPage.Write(terminal, plan);
        }

        return ExitCodes.Success;
    }
}
