using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>Where a snapshot is written to, part by part: what is full goes on to a file. Used by one thread at a
/// time.</summary>
internal sealed class SnapshotOutput : IDisposable
{
    private long _passedOn;

    /// <summary>Takes the bytes.</summary>
    public RecordWriter Writer { get; } = new();

    /// <summary>Number of bytes so far.</summary>
    public long Position => _passedOn + Writer.Length;

    /// <summary>Whoever writes reads meanwhile what the next part is made of: it ends when that is there, and until
    /// then the next part would block. Null when it would not.</summary>
    public Task? Reading { get; set; }

    /// <summary>What the writer holds is elsewhere: it begins anew.</summary>
    public void PassedOn()
    {
        _passedOn += Writer.Length;
        Writer.Reset();
    }

    /// <inheritdoc/>
    public void Dispose() => Writer.Dispose();
}
