using Microsoft.Win32.SafeHandles;

namespace Millrace.Execution.Files;

/// <summary>A file in a directory.</summary>
/// <remarks>Systems have no reads that wait without a thread: each one that is waited for has a thread of its own, and
/// none of the pool's.</remarks>
internal sealed class DirectoryFile : StoredFile
{
    private const string ThreadName = "checkpoint files";

    private readonly IExecution _execution;
    private readonly string _path;
    private readonly SafeFileHandle _handle;

    /// <summary>Opens it. Meanwhile it may be removed, or another one put in its place: it stays what it was.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="execution">Runs reads.</param>
    /// <exception cref="IOException">It is not there, or cannot be opened.</exception>
    public DirectoryFile(string path, IExecution execution)
    {
        _execution = execution;
        _path = path;
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        Length = RandomAccess.GetLength(_handle);
    }

    public override long Length { get; }

    public override Task ReadAsync(long offset, Memory<byte> into, CancellationToken cancellationToken) =>
        _execution.RunBlockingAsync(ThreadName, () => Read(offset, into, cancellationToken));

    public override void Read(long offset, Memory<byte> into, CancellationToken cancellationToken)
    {
        RequireWithin(_path, offset, into.Length);
        for (int done = 0; done < into.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int read = RandomAccess.Read(_handle, into.Span[done..], offset + done);
            RequireSome(read, offset + done);
            done += read;
        }
    }

    protected override void Dispose(bool disposing)
    {
        _handle.Dispose();
        base.Dispose(disposing);
    }

    private void RequireSome(int read, long offset)
    {
        if (read == 0)
        {
            throw new EndOfStreamException($"'{_path}' ends at byte {offset}, and had {Length} bytes.");
        }
    }
}
