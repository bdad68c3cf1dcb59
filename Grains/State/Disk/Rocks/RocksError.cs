using System.Runtime.InteropServices;

namespace Millrace.State.Disk.Rocks;

/// <summary>What the library says when something fails.</summary>
internal static class RocksError
{
    private const string Incomplete = "Result incomplete";

    /// <summary>Throws if there is an error.</summary>
    /// <param name="error">What a call left; zero for none.</param>
    /// <param name="path">The folder it is about.</param>
    /// <exception cref="DiskStateException">There is.</exception>
    public static void ThrowIf(nint error, string path)
    {
        if (error != 0)
        {
            Throw(error, path);
        }
    }

    /// <summary>Frees an error that says that a scan has passed over as many removed rows as it may.</summary>
    /// <returns>False when there is no error, or another one.</returns>
    public static bool FreeIfCut(nint error)
    {
        bool isCut = error != 0
            && (Marshal.PtrToStringUTF8(error) ?? "").StartsWith(Incomplete, StringComparison.Ordinal);
        if (isCut)
        {
            RocksNative.Free(error);
        }

        return isCut;
    }

    private static void Throw(nint error, string path)
    {
        string reason = Marshal.PtrToStringUTF8(error) ?? "";
        RocksNative.Free(error);
        throw new DiskStateException(path, reason);
    }
}
