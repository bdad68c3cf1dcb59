using System.Buffers;

namespace Millrace.State.Snapshots;

/// <summary>Where restored state waits until somebody asks for it, when it is more than the memory should hold.
/// </summary>
/// <remarks>Appended to by one at a time; read from any thread, by whoever holds on to it. The last one to let go ends
/// it.</remarks>
internal abstract class RestoredBytes
{
    private int _holders;

    /// <summary>Appends bytes; may block.</summary>
    /// <returns>Where they begin.</returns>
    /// <exception cref="Failures.StreamingException">They cannot be kept.</exception>
    public abstract long Append(ReadOnlySpan<byte> bytes);

    /// <summary>Reads bytes that were appended; may block.</summary>
    /// <exception cref="Failures.StreamingException">They cannot be read.</exception>
    public abstract void Read(long offset, Span<byte> into);

    /// <summary>Makes sure that it can be read until disposal. Whoever made it does so first; from then on, somebody
    /// who holds it.</summary>
    public IDisposable Hold()
    {
        Interlocked.Increment(ref _holders);
        return new Holder(this);
    }

    /// <summary>Nobody will read it any more.</summary>
    protected abstract void End();

    private void LetGo()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            End();
        }
    }

    private sealed class Holder(RestoredBytes bytes) : IDisposable
    {
        private RestoredBytes? _bytes = bytes;

        public void Dispose() => Interlocked.Exchange(ref _bytes, null)?.LetGo();
    }
}

/// <summary>Room for the entries of one key group at a time. Used by one thread at a time.</summary>
internal sealed class GroupRoom : IDisposable
{
    private byte[] _bytes = [];

    /// <summary>Room for so many bytes; what was in it is gone.</summary>
    public Span<byte> Of(int length)
    {
        if (_bytes.Length < length)
        {
            Dispose();
            _bytes = ArrayPool<byte>.Shared.Rent(length);
        }

        return _bytes.AsSpan(0, length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }
}
