using Millrace.Execution;
using Millrace.Execution.Files;

namespace Millrace.Tasks.Checkpointing.Copies;

/// <summary>A copy that is read. Disposal ends the use of it.</summary>
/// <param name="copy">The copy.</param>
/// <param name="execution">Runs reads that are waited for: each blocks a thread of its own.</param>
internal sealed class CopyFile(LocalCopy copy, IExecution execution) : StoredFile
{
    private const string ThreadName = "local copies";

    private int _isDisposed;

    public override long Length => copy.Length;

    public override Task ReadAsync(long offset, Memory<byte> into, CancellationToken cancellationToken) =>
        execution.RunBlockingAsync(ThreadName, () => Read(offset, into, cancellationToken));

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
