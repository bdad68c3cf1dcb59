using System.Runtime.InteropServices;

namespace Millrace.Local;

/// <summary>What .NET does not offer about processes on Linux and macOS.</summary>
internal static class PosixProcess
{
    private const int SigTerm = 15;

    /// <summary>Makes the calling process the first of a session of its own: Ctrl-C in the terminal it was started from
    /// does not reach it, and closing that terminal does not end it. Does nothing where that is so already.</summary>
    public static void LeaveTerminal()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = NativeSetSid();
        }
    }

    /// <summary>Asks a process to stop.</summary>
    /// <returns>False when it could not be asked: it is gone, or belongs to somebody else.</returns>
    public static bool TryTerminate(int pid) => !OperatingSystem.IsWindows() && NativeKill(pid, SigTerm) == 0;

    [DllImport("libc", EntryPoint = "setsid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeSetSid();

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeKill(int pid, int signal);
}
