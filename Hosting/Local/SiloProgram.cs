using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Millrace.Local;

/// <summary>The program that a silo process runs.</summary>
/// <param name="Dotnet">The host that runs it.</param>
/// <param name="Assembly">The program's assembly.</param>
internal sealed record SiloProgram(string Dotnet, string Assembly)
{
    private const string AssemblyName = "Millrace.Silo.dll";

    /// <summary>The silo program that stands beside the running one.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static SiloProgram BesideThis()
    {
        string assembly = Path.Combine(AppContext.BaseDirectory, AssemblyName);
        return File.Exists(assembly)
            ? new SiloProgram(FindDotnet(), assembly)
            : throw new FileNotFoundException(
                $"'{assembly}' is missing: silo processes are started by the millrace command, which has it beside it.",
                assembly);
    }

    /// <summary>Starts a process that outlives this one.</summary>
    /// <param name="arguments">For the program.</param>
    /// <param name="output">Gets what the process prints, appended. On Windows that goes to a console of its
    /// own.</param>
    public Process Start(IEnumerable<string> arguments, string output)
    {
        var start = new ProcessStartInfo { UseShellExecute = false, CreateNoWindow = true };
        if (OperatingSystem.IsWindows())
        {
            start.FileName = Dotnet;
        }
        else
        {
            // The shell replaces itself by the program, so the process id is the program's.
            start.FileName = "/bin/sh";
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add("out=$1; shift; exec \"$@\" </dev/null >>\"$out\" 2>&1");
            start.ArgumentList.Add("sh");
            start.ArgumentList.Add(output);
            start.ArgumentList.Add(Dotnet);
        }

        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Assembly);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"'{Assembly}' could not be started.");
    }

    /// <summary>The host of the running .NET; the path has three folders below its own.</summary>
    private static string FindDotnet()
    {
        string name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        string runtime = RuntimeEnvironment.GetRuntimeDirectory();
        string beside = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", name));
        return File.Exists(beside) ? beside : name;
    }
}
