namespace Millrace.Clustering.Files;

/// <summary>A lock between processes of one machine: a file opened for oneself. The kernel frees it when its holder
/// dies.</summary>
internal static class FileLock
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    /// <summary>How "somebody else has it open" is numbered on Linux, macOS and Windows (sharing and lock
    /// violation).</summary>
    private static readonly int[] HeldByOthers = [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];

    /// <returns>The lock; disposing it lets the next one in. Null when another holds it.</returns>
    public static FileStream? TryAcquire(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException taken) when (HeldByOthers.Contains(taken.HResult))
        {
            return null;
        }
    }

    /// <exception cref="TimeoutException">Others held the lock all the time.</exception>
    public static async ValueTask<FileStream> AcquireAsync(
        string path, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        for (TimeSpan pause = FirstPause; ; pause = pause < LongestPause ? 2 * pause : LongestPause)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryAcquire(path) is { } held)
            {
                return held;
            }

            if (time.GetElapsedTime(start) >= timeout)
            {
                throw new TimeoutException(
                    $"Another process has held '{path}' for {timeout}. A stopped or very slow process may hold it; the "
                    + "lock is free as soon as that process ends.");
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>Proves that locks work at <paramref name="path"/>, which must be held by the caller.</summary>
    /// <exception cref="NotSupportedException">A second opening is allowed: the file system does not keep
    /// locks.</exception>
    public static void EnsureExclusive(string path)
    {
        using FileStream? second = TryAcquire(path);
        if (second is not null)
        {
            throw new NotSupportedException(
                $"File locks do not work at '{path}' (a network file system, or DOTNET_SYSTEM_IO_DISABLEFILELOCKING is "
                + "set). Use a directory on a local disk, or another clustering provider.");
        }
    }
}
