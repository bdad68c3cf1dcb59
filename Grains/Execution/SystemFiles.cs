using Microsoft.Win32.SafeHandles;
using Millrace.Execution.Files;

namespace Millrace.Execution;

/// <summary>Files on the disk.</summary>
internal sealed class SystemFiles : IFiles
{
    private const string HoldName = ".held";

    public IFile Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new SystemFile(path, File.OpenHandle(
            path,
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            FileOptions.Asynchronous | FileOptions.DeleteOnClose));
    }

    public IDisposable? TryHold(string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            // The kernel lets go of it with the process, however that ends.
            return new FileStream(
                Path.Combine(folder, HoldName), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public IReadOnlyList<string> FoldersIn(string folder) =>
        Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];

    public void DeleteFolder(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody else was faster.
        }
    }

    private sealed class SystemFile(string path, SafeFileHandle handle) : IFile
    {
        public string Path => path;

        // On the pool the class library would do no more than go to the pool.
        private static bool MayBlock => Thread.CurrentThread.IsThreadPoolThread
            && SynchronizationContext.Current is null
            && TaskScheduler.Current == TaskScheduler.Default
            && !OperatingSystem.IsWindows();

        public async Task WriteAsync(long offset, ReadOnlyMemory<byte> bytes)
        {
            if (MayBlock)
            {
                RandomAccess.Write(handle, bytes.Span, offset);
                return;
            }

            await RandomAccess.WriteAsync(handle, bytes, offset);
        }

        public async Task WriteAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts)
        {
            if (MayBlock)
            {
                RandomAccess.Write(handle, parts, offset);
                return;
            }

            await RandomAccess.WriteAsync(handle, parts, offset);
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(handle, bytes, offset);

        public async Task<int> ReadAsync(long offset, Memory<byte> into)
        {
            if (MayBlock)
            {
                return Read(offset, into.Span);
            }

            int done = 0;
            while (done < into.Length)
            {
                int read = await RandomAccess.ReadAsync(handle, into[done..], offset + done);
                if (read == 0)
                {
                    break;
                }

                done += read;
            }

            return done;
        }

        public int Read(long offset, Span<byte> into)
        {
            int done = 0;
            int read;
            do
            {
                read = RandomAccess.Read(handle, into[done..], offset + done);
                done += read;
            }
            while (read > 0 && done < into.Length);

            return done;
        }

        public int ReadAtHand(long offset, Span<byte> into) => PageCache.Read(handle, offset, into);

        public void Dispose() => handle.Dispose();
    }
}
