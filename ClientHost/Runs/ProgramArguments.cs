namespace Millrace.Runs;

/// <summary>The words of a command line: those for the command, and after a bare <c>--</c> those for the
/// program.</summary>
/// <param name="ForCommand">Before the first <c>--</c>.</param>
/// <param name="ForProgram">After it; null when there is none.</param>
internal sealed record ProgramArguments(string[] ForCommand, string[]? ForProgram)
{
    private const string Separator = "--";

    public static ProgramArguments Split(string[] words)
    {
        int separator = Array.IndexOf(words, Separator);
        return separator < 0
            ? new ProgramArguments(words, ForProgram: null)
            : new ProgramArguments(words[..separator], words[(separator + 1)..]);
    }
}
