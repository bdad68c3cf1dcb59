using System.Runtime.InteropServices;

namespace Millrace.Execution.Clocks;

/// <summary>The thread's processor time as Windows keeps it.</summary>
/// <remarks>It moves in steps of the system's tick, about 16 ms: right over many rounds, not for one.</remarks>
internal sealed class WindowsThreadClock : ThreadClock
{
    private const long NanosecondsPerTick = 100;
    private const nint CurrentThread = -2;

    public override long Read() => GetTimes(CurrentThread, out _, out _, out long kernel, out long user)
        ? (kernel + user) * NanosecondsPerTick
        : throw new InvalidOperationException(
            $"The system does not tell a thread's processor time: error {Marshal.GetLastPInvokeError()}.");

    [DllImport("kernel32", EntryPoint = "GetThreadTimes", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetTimes(nint thread, out long created, out long exited, out long kernel, out long user);
}
