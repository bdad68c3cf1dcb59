using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Millrace.Clustering;

/// <summary>Which process a silo runs in, precise enough to know later that it is gone.</summary>
/// <param name="Machine">The boot and, on Linux, the process namespace in which <paramref name="Pid"/> means
/// something.</param>
/// <param name="Pid">The process id; ids are used again.</param>
/// <param name="Started">When the process started, as the kernel counts; tells two processes of one id apart.</param>
internal sealed record ProcessStamp(string Machine, int Pid, string Started)
{
    private const string LinuxBoot = "/proc/sys/kernel/random/boot_id";
    private const string LinuxNamespace = "/proc/self/ns/pid";
    private const string LinuxInit = "/proc/1";

    /// <summary>Field 22 of /proc/PID/stat, counted from the state, which follows the name in parentheses.</summary>
    private const int LinuxStartField = 19;

    private static readonly Lazy<ProcessStamp?> Own = new(Create);

    /// <summary>This process; null where the system does not tell.</summary>
    public static ProcessStamp? Current => Own.Value;

    /// <summary>True only when the process certainly no longer runs. Of other machines and containers nothing is
    /// certain.</summary>
    public bool IsCertainlyGone()
    {
        if (Current?.Machine != Machine)
        {
            return false;
        }

        try
        {
            return StartOf(Pid) != Started;
        }
        catch (Exception unknown) when (MeansUnknown(unknown))
        {
            return false;
        }
    }

    private static ProcessStamp? Create()
    {
        try
        {
            string? started = StartOf(Environment.ProcessId);
            return started is null ? null : new ProcessStamp(MachineName(), Environment.ProcessId, started);
        }
        catch (Exception unknown) when (MeansUnknown(unknown))
        {
            return null;
        }
    }

    private static bool MeansUnknown(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or Win32Exception
            or InvalidOperationException or NotSupportedException;

    private static string MachineName() => OperatingSystem.IsLinux()
        ? $"{File.ReadAllText(LinuxBoot).Trim()} {new FileInfo(LinuxNamespace).LinkTarget}"
        : Environment.MachineName;

    /// <returns>Null when there is no such process, or only its remains that nobody has collected.</returns>
    private static string? StartOf(int pid) => OperatingSystem.IsLinux() ? StartOnLinux(pid) : StartElsewhere(pid);

    private static string? StartOnLinux(int pid)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            // Mounted with hidepid, /proc hides the processes of other users, so a missing one proves nothing.
            return Directory.Exists(LinuxInit)
                ? null
                : throw new NotSupportedException("/proc shows own processes only.");
        }

        // The name may hold spaces and parentheses; the last parenthesis ends it.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is "Z" or "X" ? null : fields[LinuxStartField];
    }

    private static string? StartElsewhere(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
