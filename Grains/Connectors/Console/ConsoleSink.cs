namespace Millrace.Connectors.Console;

/// <summary>Writes records as lines to the standard output of the process that runs the subtask.</summary>
public static class ConsoleSink
{
    /// <summary>A line for each record: what <c>ToString</c> gives, whatever the culture.</summary>
    /// <param name="prefix">Stands before each line, as in <c>prefix> record</c>; null for none.</param>
    /// <remarks>With several subtasks each line begins with the number of its own, from 1: <c>2> record</c>, or
    /// <c>prefix:2> record</c>. Lines are never torn apart by those of other subtasks.</remarks>
    public static Sink<T> Lines<T>(string? prefix = null) => new ConsoleLineSink<T>(prefix, null);
}
