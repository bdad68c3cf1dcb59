using System.CommandLine;
using Millrace.Output;
using Millrace.Savepoints;

namespace Millrace.Commands;

/// <summary>millrace savepoint inspect</summary>
internal sealed class SavepointInspect(Terminal terminal)
{
    private readonly Argument<string> _path = new("path")
    {
        Description = "Folder of a savepoint, or of a checkpoint that was kept.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    public Command Create()
    {
        var command = new Command(
            "inspect",
            "Show what is in a savepoint: operators, states, types, key groups, sizes. No cluster is needed.")
        {
            _path, _json,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult words, CancellationToken cancellationToken)
    {
        SavepointReader savepoint = await SavepointReader.OpenAsync(words.GetRequiredValue(_path), cancellationToken);
        IReadOnlyList<SavepointOperator> operators = await savepoint.ReadOperatorsAsync(cancellationToken);
        if (words.GetValue(_json))
        {
            Json.Write(terminal.Output, SavepointPage.ToJson(savepoint, operators));
            return ExitCodes.Success;
        }

        SavepointPage.Write(terminal, savepoint, operators);
        return ExitCodes.Success;
    }
}
