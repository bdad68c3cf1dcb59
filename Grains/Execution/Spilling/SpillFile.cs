namespace Millrace.Execution.Spilling;

/// <summary>A file of spilled data: written from beginning to end by one writer, read anywhere by many.</summary>
/// <remarks>Disposal, when nobody reads any more, deletes it.</remarks>
internal sealed class SpillFile(IFile file, SpillSpace space) : IDisposable
{
    private readonly Lock _lock = new();
    private long _length;
    private bool _disposed;

    public string Path => file.Path;

    /// <summary>Bytes written. The writer's.</summary>
    public long Length => _length;

    /// <summary>Adds bytes at the end; one call at a time.</summary>
    /// <exception cref="SpillBudgetExceededException">The silo's budget does not allow it.</exception>
    /// <exception cref="SpillFailedException">The disk is full, or fails.</exception>
    public Task AppendAsync(ReadOnlyMemory<byte> bytes) =>
        AppendAsync(bytes.Length, at => file.WriteAsync(at, bytes));

    /// <summary>Adds parts at the end, one behind the other; one call at a time.</summary>
    /// <exception cref="SpillBudgetExceededException">The silo's budget does not allow it.</exception>
    /// <exception cref="SpillFailedException">The disk is full, or fails.</exception>
    public Task AppendAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts) =>
        AppendAsync(parts.Sum(static part => (long)part.Length), at => file.WriteAsync(at, parts));

    private async Task AppendAsync(long bytes, Func<long, Task> write)
    {
        space.Take(bytes);
        bool counted = false;
        try
        {
            await write(_length);
            lock (_lock)
            {
                counted = !_disposed;
                _length += bytes;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SpillFailedException(file.Path, exception);
        }
        finally
        {
            if (!counted)
            {
                space.GiveBack(bytes);
            }
        }
    }

    /// <summary>Reads from an offset on.</summary>
    /// <returns>Bytes read: fewer than asked for only at the end.</returns>
    /// <exception cref="SpillFailedException">The disk fails.</exception>
    public async Task<int> ReadAsync(long offset, Memory<byte> into)
    {
        try
        {
            return await file.ReadAsync(offset, into);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SpillFailedException(file.Path, exception);
        }
    }

    /// <summary>Reads as many bytes from an offset on as are in memory, and waits for no disk.</summary>
    /// <returns>How many, perhaps none.</returns>
    public int ReadAtHand(long offset, Span<byte> into) => file.ReadAtHand(offset, into);

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        file.Dispose();
        space.GiveBack(_length);
    }
}
