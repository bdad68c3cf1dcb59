namespace Millrace.Execution.Files;

/// <summary>A file that is whole, open to be read from any place. Any number of readers at a time, from any
/// thread.</summary>
/// <remarks>Between reads it holds next to nothing of it: what is read goes to whoever asked. Disposal comes behind the
/// last read.</remarks>
internal abstract class StoredFile : IDisposable
{
    /// <summary>Number of bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Reads neighbouring bytes, as many as there is room for.</summary>
    /// <param name="offset">Of the first one.</param>
    /// <param name="into">Gets them; nobody writes to it behind the end of the task, whatever that is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">They cannot be read, or the file ends before; trying again may help.</exception>
    public abstract Task ReadAsync(long offset, Memory<byte> into, CancellationToken cancellationToken);

    /// <summary>The same; blocks.</summary>
    public virtual void Read(long offset, Memory<byte> into, CancellationToken cancellationToken) =>
        ReadAsync(offset, into, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether bytes are within the file.</summary>
    /// <exception cref="EndOfStreamException">They are not.</exception>
    protected void RequireWithin(string place, long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (length > Length - offset)
        {
            throw new EndOfStreamException(
                $"'{place}' has {Length} bytes, and {length} from byte {offset} on were to be read.");
        }
    }

    /// <summary>Nobody reads it any more.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
