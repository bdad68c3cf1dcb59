using System.CommandLine;
using Microsoft.Extensions.Options;
using Millrace.Commands;
using Millrace.Failures;
using Millrace.Output;
using Millrace.Programs;
using Millrace.Runs;

namespace Millrace;

/// <summary>The millrace command: from its words to its exit code.</summary>
internal sealed class CommandLine(TextWriter output, TextWriter error)
{
    private readonly Terminal _terminal = new(output, error);

    /// <param name="args">The words after the command's name.</param>
    /// <param name="cancellationToken">As Ctrl-C does, for callers without a terminal.</param>
    public async Task<int> RunAsync(string[] args, CancellationToken cancellationToken = default)
    {
        using var interrupts = Interrupts.OfProcess(cancellationToken);
        var split = ProgramArguments.Split(args);
        ParseResult parsed = CreateRoot(interrupts, split.ForProgram ?? []).Parse(split.ForCommand);
        Command command = parsed.CommandResult.Command;
        int empty = Array.FindIndex(split.ForCommand, string.IsNullOrWhiteSpace);
        if (empty >= 0)
        {
            string before = empty == 0 ? "millrace" : split.ForCommand[empty - 1];
            return Refuse([$"The word after '{before}' is '{split.ForCommand[empty]}'; a value is needed."], command);
        }

        if (parsed.Errors.Count > 0)
        {
            return Refuse(parsed.Errors.Select(found => found.Message), command);
        }

        if (split.ForProgram is not null && !TakesProgram(command))
        {
            return Refuse(["There is no program to take the words after '--'."], command);
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = _terminal.Output,
                    Error = _terminal.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                },
                interrupts.First);
        }
        catch (UsageException wrong)
        {
            _terminal.WriteError(wrong.Message);
            return ExitCodes.WrongUsage;
        }
        catch (JobArgumentException wrong)
        {
            _terminal.WriteError(wrong.Message);
            return ExitCodes.WrongUsage;
        }
        catch (ClusterLostException lost)
        {
            _terminal.WriteError(lost.Message);
            return ExitCodes.Unknown;
        }
        catch (TimeoutException late) when (interrupts.First.IsCancellationRequested)
        {
            _terminal.WriteError(late.Message);
            return ExitCodes.Unknown;
        }
        catch (OperationCanceledException) when (interrupts.First.IsCancellationRequested)
        {
            bool isLeft = interrupts.Second.IsCancellationRequested;
            _terminal.WriteError(isLeft ? "Interrupted twice: what was asked may go on." : "Interrupted.");
            return isLeft ? ExitCodes.Unknown : ExitCodes.Failure;
        }
        catch (Exception failure)
        {
            _terminal.WriteError(IsExplained(failure) ? failure.Message : failure.ToString());
            return ExitCodes.Failure;
        }
    }

    /// <summary>Whether the message says all; of anything else the stack is wanted.</summary>
    private static bool IsExplained(Exception failure) => failure
        is StreamingException or OptionsValidationException or IOException or UnauthorizedAccessException;

    private RootCommand CreateRoot(Interrupts interrupts, string[] args)
    {
        var root = new RootCommand("Millrace: stream and batch processing on Microsoft Orleans.")
        {
            HelpName = "millrace",
        };
        VersionAction.ReplaceIn(root);
        root.Subcommands.Add(ClusterCommands.Create(_terminal));
        root.Subcommands.Add(new Run(_terminal, interrupts, args).Create());
        root.Subcommands.Add(new List(_terminal).Create());
        root.Subcommands.Add(new Show(_terminal).Create());
        root.Subcommands.Add(new Cancel(_terminal).Create());
        root.Subcommands.Add(new Stop(_terminal).Create());
        root.Subcommands.Add(new Savepoint(_terminal, args).Create());
        root.Subcommands.Add(new Rescale(_terminal).Create());
        root.Subcommands.Add(new Info(_terminal, args).Create());
        return root;
    }

    private int Refuse(IEnumerable<string> errors, Command command)
    {
        string[] messages = [.. errors];

        // Of an unknown command the parser says first that one is needed.
        bool isUnknownCommand = messages.Length > 1 && command.Subcommands.Count > 0;
        foreach (string message in messages.Skip(isUnknownCommand ? 1 : 0))
        {
            _terminal.WriteError(message);
        }

        if (TakesProgram(command))
        {
            _terminal.Error.WriteLine("The program's own arguments come after '--'.");
        }

        string path = command is RootCommand ? "" : $" {PathOf(command)}";
        _terminal.Error.WriteLine($"See 'millrace{path} --help'.");
        return ExitCodes.WrongUsage;
    }

    private static bool TakesProgram(Command command) => command.Name is "run" or "info" or "check";

    private static string PathOf(Command command)
    {
        IEnumerable<string> parents = command.Parents.OfType<Command>().Where(parent => parent is not RootCommand)
            .Select(PathOf);
        return string.Join(' ', [.. parents, command.Name]);
    }
}
