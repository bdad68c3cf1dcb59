using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.Extensions.Options;
using Millrace.Commands;
using Millrace.Failures;
using Millrace.Output;

namespace Millrace;

/// <summary>The millrace command: from its words to its exit code.</summary>
internal sealed class CommandLine(TextWriter output, TextWriter error)
{
    private readonly Terminal _terminal = new(output, error);

    /// <param name="args">The words after the command's name.</param>
    /// <param name="cancellationToken">As Ctrl-C does, for callers without a terminal.</param>
    public async Task<int> RunAsync(string[] args, CancellationToken cancellationToken = default)
    {
        using var interrupts = Interrupts.OfTerminal(cancellationToken);
        RootCommand root = CreateRoot(interrupts);
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return Refuse(parsed.Errors, parsed.CommandResult.Command);
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
        catch (OperationCanceledException) when (interrupts.First.IsCancellationRequested)
        {
            _terminal.WriteError("Interrupted.");
            return ExitCodes.Failure;
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

    private RootCommand CreateRoot(Interrupts interrupts)
    {
        var root = new RootCommand("Millrace: stream and batch processing on Microsoft Orleans.")
        {
            HelpName = "millrace",
        };
        root.Subcommands.Add(ClusterCommands.Create(_terminal));
        return root;
    }

    private int Refuse(IReadOnlyList<ParseError> errors, Command command)
    {
        // Of an unknown command the parser also says that one is needed.
        IEnumerable<string> messages = errors.Select(found => found.Message).Distinct().Reverse().Take(1);
        foreach (string message in messages)
        {
            _terminal.WriteError(message);
        }

        string path = command is RootCommand ? "" : $" {PathOf(command)}";
        _terminal.Error.WriteLine($"See 'millrace{path} --help'.");
        return ExitCodes.WrongUsage;
    }

    private static string PathOf(Command command)
    {
        IEnumerable<string> parents = command.Parents.OfType<Command>().Where(parent => parent is not RootCommand)
            .Select(PathOf);
        return string.Join(' ', [.. parents, command.Name]);
    }
}
