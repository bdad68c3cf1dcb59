using Millrace.Processes;

namespace Millrace;

internal static class Program
{
    public static Task<int> Main(string[] args) => SiloProcess.RunAsync(args);
}
