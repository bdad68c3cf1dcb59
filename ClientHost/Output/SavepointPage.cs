using System.Globalization;
using Millrace.Savepoints;

namespace Millrace.Output;

/// <summary>What is in a savepoint, and what a program makes of it.</summary>
internal static class SavepointPage
{
    public static void Write(Terminal terminal, SavepointReader savepoint, IReadOnlyList<SavepointOperator> operators)
    {
        TextWriter output = terminal.Output;
        output.WriteLine($"Savepoint {savepoint.Path}");
        output.WriteLine($"Job       {savepoint.JobName} ({savepoint.Job})");
        output.WriteLine($"Taken     {Texts.Time(savepoint.CompletedAt)}, {Texts.Word(savepoint.Kind)}");
        output.WriteLine($"State     {Texts.Bytes(operators.Sum(static one => one.Bytes))}");
        foreach (string inFlight in savepoint.InFlight)
        {
            output.WriteLine($"In flight {inFlight}");
        }

        foreach (SavepointOperator one in operators.Where(static one => one.Bytes > 0))
        {
            output.WriteLine();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{one.Name}  ({(one.Uid is null ? $"operator {one.Id}" : $"uid {one.Uid}")}, {one.Kind}, parallelism "
                + $"{one.Parallelism} of {one.MaxParallelism}, {Texts.Bytes(one.Bytes)})"));
            foreach (StateInSavepoint state in one.States)
            {
                string groups = state.KeyGroups > 0 ? $" in {Texts.Count(state.KeyGroups, "key group")}" : "";
                output.WriteLine(
                    $"  {state.Kind} {(state.Name.Length == 0 ? "" : $"'{state.Name}' ")}{state.Shape}: "
                    + $"{Texts.Number(state.Entries)}{groups}, {Texts.Bytes(state.Bytes)}");
            }
        }
    }

    public static object ToJson(SavepointReader savepoint, IReadOnlyList<SavepointOperator> operators) => new
    {
        savepoint.Path,
        Job = savepoint.Job.ToString(),
        savepoint.JobName,
        savepoint.Kind,
        savepoint.CompletedAt,
        savepoint.InFlight,
        Operators = operators,
    };

    public static void Write(Terminal terminal, string job, SavepointCheck check)
    {
        terminal.Output.WriteLine($"Job {job}");
        WriteList(terminal.Output, "keeps", check.Kept);
        WriteList(terminal.Output, "drops", check.Dropped);
        WriteList(terminal.Output, "drops", check.DroppedStates);
        WriteList(terminal.Output, "is new", check.New);
        WriteList(terminal.Output, "cannot read", check.Unreadable);
        WriteList(terminal.Output, "not tried", check.Untried);
        WriteList(terminal.Output, "refused", check.Refusals);
    }

    private static void WriteList(TextWriter output, string word, IReadOnlyList<string> lines)
    {
        foreach (string line in lines)
        {
            output.WriteLine($"  {word,-11} {line}");
        }
    }
}
