namespace Millrace.Tasks.Checkpointing.Copies;

/// <summary>Writes one copy. When that fails, there is none, and whoever writes hears nothing of it.</summary>
/// <remarks>Not thread-safe. Disposed without being completed, it leaves nothing.</remarks>
internal sealed class LocalCopyWriter(LocalCopy copy) : IDisposable
{
    private bool _isOver;

    /// <summary>Adds bytes. May block.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_isOver)
        {
            return;
        }

        try
        {
            if (copy.Owner.TryTake(bytes.Length))
            {
                WriteCounted(bytes);
                return;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A full disk, say: the checkpoint itself is elsewhere.
        }

        Dispose();
    }

    /// <summary>All bytes are written, and so is what this is a copy of.</summary>
    public void Complete()
    {
        if (!_isOver)
        {
            _isOver = true;
            copy.Owner.Keep(copy);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            copy.Release();
        }
    }

    private void WriteCounted(ReadOnlySpan<byte> bytes)
    {
        long before = copy.Length;
        try
        {
            copy.Append(bytes);
        }
        finally
        {
            // What was not written is not given back with the file.
            copy.Owner.NotWritten(bytes.Length - (copy.Length - before));
        }
    }
}
