namespace Millrace;

internal static class Program
{
    public static Task<int> Main(string[] args) => new CommandLine(Console.Out, Console.Error).RunAsync(args);
}
