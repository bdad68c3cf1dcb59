using System.CommandLine;
using Millrace.Checkpointing;

namespace Millrace.Commands;

/// <summary>How a command says what jobs go on from.</summary>
internal sealed class RestoreOptions
{
    private readonly Option<string?> _path = new("--from-savepoint", "-s")
    {
        Description = "Go on from a savepoint, or from the folder of a checkpoint that was kept.",
        HelpName = "path",
    };

    private readonly Option<bool> _allowNonRestored = new("--allow-non-restored-state", "-n")
    {
        Description =
            "With -s: leave behind state, and records in flight, of operators that the program no longer has.",
    };

    private readonly Option<bool> _claim = new("--claim")
    {
        Description = "With -s: the job owns the savepoint, and removes it once it has a checkpoint of its own.",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_path);
        command.Options.Add(_allowNonRestored);
        command.Options.Add(_claim);
    }

    /// <exception cref="UsageException">An option is given that needs another one.</exception>
    public RestoreSettings? Choose(ParseResult words)
    {
        bool allows = words.GetValue(_allowNonRestored);
        bool claims = words.GetValue(_claim);
        if (words.GetValue(_path) is { } path)
        {
            return new RestoreSettings(path) { AllowNonRestoredState = allows, Claim = claims };
        }

        return !allows && !claims
            ? null
            : throw new UsageException(
                $"{(allows ? _allowNonRestored.Name : _claim.Name)} goes with -s <path>: from what the job goes on.");
    }
}
