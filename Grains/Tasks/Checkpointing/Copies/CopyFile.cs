using Millrace.Execution.Files;

namespace Millrace.Tasks.Checkpointing.Copies;

/// <summary>A copy that is read. Disposal ends the use of it.</summary>
/// <remarks>All reads block: the copy has just been looked at, so what is read is in the machine's memory.</remarks>
internal sealed class CopyFile(LocalCopy copy) : StoredFile
{
    private int _isDisposed;

    public override long Length => copy.Length;

    public override Task ReadAsync(long offset, Memory<byte> into, CancellationToken cancellationToken)
    {
        Read(offset, into, cancellationToken);
        return Task.CompletedTask;
    }

    public override void Read(long offset, Memory<byte> into, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireWithin(copy.Place, offset, into.Length);
        int read = copy.Read(offset, into.Span);
        if (read < into.Length)
        {
            throw new EndOfStreamException($"'{copy.Place}' ends at byte {offset + read}, and had {Length} bytes.");
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            copy.Release();
        }

        base.Dispose(disposing);
    }
}
