using Millrace.Execution;
using Millrace.State.Snapshots.Restored;

namespace Millrace.State.Disk;

/// <summary>Bytes in a file of the silo's, beside its databases. It is made when there is something to put in
/// it.</summary>
/// <param name="space">Where.</param>
internal sealed class SpaceFile(DiskStateSpace space) : RestoredRoom
{
    private IFile? _file;
    private long _length;

    public override long Append(ReadOnlySpan<byte> bytes)
    {
        long at = _length;
        _file ??= space.CreateFile();
        space.TakeFile(bytes.Length);
        _length += bytes.Length;
        try
        {
            _file.Write(at, bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DiskStateException(_file.Path, exception.Message, exception);
        }

        return at;
    }

    public override void Read(long offset, Memory<byte> into, CancellationToken cancellationToken) =>
        Read(offset, into.Span);

    /// <inheritdoc cref="Read(long, Memory{byte}, CancellationToken)"/>
    public void Read(long offset, Span<byte> into)
    {
        IFile file = _file ?? throw new InvalidOperationException("Nothing was put into it.");
        int read;
        try
        {
            read = file.Read(offset, into);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DiskStateException(file.Path, exception.Message, exception);
        }

        if (read < into.Length)
        {
            throw new DiskStateException(
                file.Path, $"it ends at byte {offset + read}, and {_length} bytes were written");
        }
    }

    protected override void End()
    {
        if (_file is not null)
        {
            space.RemoveFile(_file, _length);
        }
    }
}
