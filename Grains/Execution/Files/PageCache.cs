using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Millrace.Execution.Files;

/// <summary>Reads of a file that do not wait for the disk: what Linux still has in memory of it.</summary>
internal static class PageCache
{
    private const int NoWait = 8;

    private static bool IsSupported = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>Reads as many bytes as are at hand. From any thread.</summary>
    /// <returns>How many; none where the system has no such call, and whatever goes wrong.</returns>
    public static unsafe int Read(SafeFileHandle file, long offset, Span<byte> into)
    {
        if (!Volatile.Read(ref IsSupported))
        {
            return 0;
        }

        int done = 0;
        fixed (byte* first = into)
        {
            while (done < into.Length)
            {
                Part part = new() { First = first + done, Bytes = into.Length - done };
                int read = ReadPart(file, &part, offset + done);
                if (read <= 0)
                {
                    break;
                }

                done += read;
            }
        }

        return done;
    }

    private static unsafe int ReadPart(SafeFileHandle file, Part* part, long offset)
    {
        try
        {
            return (int)NativeRead(file, part, 1, offset, NoWait);
        }
        catch (EntryPointNotFoundException)
        {
            // An older class library of the system.
            Volatile.Write(ref IsSupported, false);
            return 0;
        }
    }

    [DllImport("libc", EntryPoint = "preadv2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern unsafe nint NativeRead(
        SafeFileHandle file, Part* parts, int count, long offset, int flags);

    private unsafe struct Part
    {
        public byte* First;
        public nint Bytes;
    }
}
