using Spectre.Console;

namespace Millrace.Output;

/// <summary>Where the command prints: results to one writer, what goes wrong and how it goes to the other.</summary>
internal sealed class Terminal
{
    /// <summary>Lines in a file or a pipe are not broken by the width of a window.</summary>
    private const int WidthWithoutWindow = 200;

    public Terminal(TextWriter output, TextWriter error)
    {
        Output = output;
        Error = error;
        Console = CreateConsole(output, System.Console.IsOutputRedirected || output != System.Console.Out);
        ErrorConsole = CreateConsole(error, System.Console.IsErrorRedirected || error != System.Console.Error);
    }

    /// <summary>For results.</summary>
    public TextWriter Output { get; }

    /// <summary>For errors and progress.</summary>
    public TextWriter Error { get; }

    /// <summary>For results as tables.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>For progress as tables.</summary>
    public IAnsiConsole ErrorConsole { get; }

    /// <summary>Whether somebody watches and lines may be written anew.</summary>
    public bool IsInteractive =>
        ErrorConsole.Profile.Capabilities.Interactive && ErrorConsole.Profile.Capabilities.Ansi;

    public void WriteError(string message) => Error.WriteLine($"millrace: {message}");

    /// <summary>A table without lines: easy to read, easy to cut.</summary>
    public static Table CreateTable(params string[] headings)
    {
        var table = new Table { Border = TableBorder.None, ShowRowSeparators = false };
        foreach (string heading in headings)
        {
            table.AddColumn(new TableColumn(new Text(heading)) { NoWrap = true, Padding = new Padding(0, 0, 3, 0) });
        }

        return table;
    }

    private static IAnsiConsole CreateConsole(TextWriter writer, bool isRedirected)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
            ColorSystem = isRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (isRedirected)
        {
            console.Profile.Width = WidthWithoutWindow;
        }

        return console;
    }
}
