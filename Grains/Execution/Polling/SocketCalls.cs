using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Millrace.Execution.Polling;

/// <summary>Receiving and sending as Linux does it, without ever waiting.</summary>
/// <remarks>The class library's calls would make the socket known to its own selector, which from then on wakes a
/// thread for whatever comes, whether anybody waits there or not.</remarks>
internal static class SocketCalls
{
    /// <summary>What a call gives back that would have to wait.</summary>
    public const int WouldWait = -1;

    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int Interrupted = 4;
    private const int TryAgain = 11;

    /// <summary>Takes what has come.</summary>
    /// <returns>Bytes; 0 when the other end has closed; or <see cref="WouldWait"/>.</returns>
    /// <exception cref="Win32Exception">The connection is broken.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public static int Receive(SafeSocketHandle socket, Span<byte> into)
    {
        while (true)
        {
            nint received = Receive(socket, ref MemoryMarshal.GetReference(into), into.Length, DontWait);
            if (received >= 0)
            {
                return (int)received;
            }

            if (MustWait())
            {
                return WouldWait;
            }
        }
    }

    /// <summary>Sends as much as is taken at once.</summary>
    /// <returns>Bytes, perhaps fewer than there are; or <see cref="WouldWait"/>.</returns>
    /// <exception cref="Win32Exception">The connection is broken.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public static int Send(SafeSocketHandle socket, ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            nint sent = Send(socket, ref MemoryMarshal.GetReference(bytes), bytes.Length, DontWait | NoSignal);
            if (sent >= 0)
            {
                return (int)sent;
            }

            if (MustWait())
            {
                return WouldWait;
            }
        }
    }

    // False when the call was merely interrupted.
    private static bool MustWait() => Marshal.GetLastPInvokeError() switch
    {
        TryAgain => true,
        Interrupted => false,
        int error => throw new Win32Exception(error),
    };

    [DllImport("libc", EntryPoint = "recv", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Receive(SafeSocketHandle socket, ref byte bytes, nint length, int flags);

    [DllImport("libc", EntryPoint = "send", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Send(SafeSocketHandle socket, ref byte bytes, nint length, int flags);
}
