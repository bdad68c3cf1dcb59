using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Millrace.Execution.Polling;

/// <summary>The kernel's list of sockets that are ready (epoll). Sockets are put on it by any thread, one thread
/// waits.</summary>
/// <remarks>A socket is reported once for each time it is armed. It leaves the list when it is closed.</remarks>
internal sealed class ReadyList
{
    private const int MaxReported = 64;
    private const int CloseOnExec = 0x80000;
    private const int Interrupted = 4;
    private const uint OneShot = 1u << 30;

    // The kernel packs its record on x86 processors, and on no others.
    private static readonly bool IsPacked =
        RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;

    private static readonly int EventBytes = IsPacked ? 12 : 16;
    private static readonly int KeyOffset = IsPacked ? 4 : 8;

    private readonly int _list = Create(CloseOnExec);
    private readonly byte[] _events = new byte[MaxReported * EventBytes];

    public ReadyList()
    {
        if (_list < 0)
        {
            string reason = new Win32Exception(Marshal.GetLastPInvokeError()).Message;
            throw new IOException($"The system has no list for sockets to wait for: {reason}.");
        }
    }

    /// <summary>Whether this system has such lists.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>Arms a socket: it is reported when it is ready for one of <paramref name="kinds"/>, at once if it is
    /// already.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="key">What it is reported by.</param>
    /// <param name="kinds">For what.</param>
    /// <param name="isNew">Whether it was never armed before.</param>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    /// <exception cref="Win32Exception">The list takes no more.</exception>
    public void Arm(SafeSocketHandle socket, long key, Readiness kinds, bool isNew)
    {
        Span<byte> record = stackalloc byte[EventBytes];
        uint events = (uint)kinds | OneShot;
        MemoryMarshal.Write(record, in events);
        MemoryMarshal.Write(record[KeyOffset..], in key);
        if (Control(_list, isNew ? 1 : 3, socket, ref MemoryMarshal.GetReference(record)) < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Waits until sockets are ready.</summary>
    /// <param name="milliseconds">How long at most; -1 without an end.</param>
    /// <returns>How many <see cref="Reported"/> tells of.</returns>
    public int Wait(int milliseconds)
    {
        int count = Wait(_list, _events, MaxReported, milliseconds);
        if (count < 0 && Marshal.GetLastPInvokeError() is var error and not Interrupted)
        {
            throw new Win32Exception(error);
        }

        return Math.Max(count, 0);
    }

    /// <summary>One of those that the last wait found.</summary>
    public (long Key, Readiness Kinds) Reported(int index)
    {
        ReadOnlySpan<byte> record = _events.AsSpan(index * EventBytes, EventBytes);
        return (MemoryMarshal.Read<long>(record[KeyOffset..]), (Readiness)MemoryMarshal.Read<uint>(record));
    }

    [DllImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Create(int flags);

    [DllImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int list, int operation, SafeSocketHandle socket, ref byte record);

    [DllImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Wait(int list, [Out] byte[] events, int maxEvents, int milliseconds);
}

/// <summary>What a socket is ready for, in the kernel's numbers.</summary>
[Flags]
internal enum Readiness : uint
{
    None = 0,

    /// <summary>Something can be read.</summary>
    Read = 0x1,

    /// <summary>Something can be written.</summary>
    Write = 0x4,

    /// <summary>The connection is broken.</summary>
    Broken = 0x8,

    /// <summary>Both ends have closed.</summary>
    HungUp = 0x10,

    /// <summary>The other end has closed; what it had sent can still be read.</summary>
    PeerClosed = 0x2000,

    /// <summary>Whatever ends a connection.</summary>
    Ended = Broken | HungUp | PeerClosed,
}
