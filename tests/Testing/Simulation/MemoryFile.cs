using Millrace.Execution.Files;

namespace Millrace.Simulation;

/// <summary>A file whose bytes are in memory.</summary>
internal sealed class MemoryFile(byte[] bytes) : StoredFile
{
    public override long Length => bytes.Length;

    public bool IsDisposed { get; private set; }

    public override Task ReadAsync(long offset, Memory<byte> into, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        RequireWithin("memory", offset, into.Length);
        bytes.AsMemory((int)offset, into.Length).CopyTo(into);
        return Task.CompletedTask;
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
