using Microsoft.Win32.SafeHandles;

namespace Millrace.Execution.Files;

/// <summary>A file in a directory.</summary>
internal sealed class DirectoryFile : StoredFile
{
    private readonly string _path;
    private readonly SafeFileHandle _handle;

    /// <summary>Opens it. Meanwhile it may be removed, or another one put in its place: it stays what it was.</summary>
    /// <exception cref="IOException">It is not there, or cannot be opened.</exception>
    public DirectoryFile(string path)
    {
        _path = path;
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        Length = RandomAccess.GetLength(_handle);
    }

    public override long Length { get; }

    public override async Task ReadAsync(long offset, Memory<byte> into, CancellationToken cancellationToken)
    {
        RequireWithin(_path, offset, into.Length);
        for (int done = 0; done < into.Length;)
        {
            int read = await RandomAccess.ReadAsync(_handle, into[done..], offset + done, cancellationToken);
            RequireSome(read, offset + done);
            done += read;
        }
    }

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
