namespace Millrace.Connectors.Console;

/// <summary>Writes lines to a console, or to a writer that stands for one.</summary>
internal sealed class ConsoleLineSink<T>(string? prefix, TextWriter? output) : Sink<T>
{
    public override string Name => "Console";

    public override ISinkWriter<T> CreateWriter(SinkWriterContext context) =>
        new ConsoleWriter<T>(LineBegin(context), output ?? System.Console.Out, context);

    private string LineBegin(SinkWriterContext context)
    {
        string number = context.Runtime.Parallelism > 1 ? $"{context.Runtime.SubtaskIndex + 1}" : "";
        string[] parts = [.. new[] { prefix ?? "", number }.Where(part => part.Length > 0)];
        return parts.Length == 0 ? "" : $"{string.Join(':', parts)}> ";
    }
}
