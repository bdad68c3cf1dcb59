using Millrace.Serialization;

namespace Millrace.State.Snapshots.Restored;

/// <summary>Where the bytes of restored state are that are not in memory.</summary>
/// <remarks>Read from any thread, by whoever holds on to it. The last one to let go ends it.</remarks>
internal abstract class RestoredBytes
{
    private int _holders;

    /// <summary>Reads bytes; may block.</summary>
    /// <exception cref="Failures.StreamingException">They cannot be read.</exception>
    /// <exception cref="IOException">They cannot be read; trying again may help.</exception>
    public abstract void Read(long offset, Span<byte> into);

    /// <summary>Runs reads beside the caller, sooner or later, or not at all: whoever wants bytes that nobody has begun
    /// to read reads them himself.</summary>
    /// <param name="reads">Blocks, and throws nothing.</param>
    /// <returns>Ends with the reads; null when they are not run.</returns>
    public virtual Task? RunBeside(Action reads) => null;

    /// <summary>Bytes that were read will be asked for again, when they may be gone from where they are.</summary>
    /// <param name="offset">Where they begin, as they were read.</param>
    /// <param name="bytes">All of them.</param>
    /// <exception cref="Failures.StreamingException">They cannot be kept.</exception>
    public virtual void Keep(long offset, ReadOnlySpan<byte> bytes)
    {
    }

    /// <summary>What to throw when bytes are not those that were written.</summary>
    /// <param name="finding">What is wrong, with the place in them.</param>
    /// <param name="offset">Where they begin.</param>
    public virtual Exception DamageOf(RecordCorruptedException finding, long offset) => finding;

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

/// <summary>Such a place to which bytes can be moved. Appended to by one at a time.</summary>
internal abstract class RestoredRoom : RestoredBytes
{
    /// <summary>Appends bytes; may block.</summary>
    /// <returns>Where they begin.</returns>
    /// <exception cref="Failures.StreamingException">They cannot be kept.</exception>
    public abstract long Append(ReadOnlySpan<byte> bytes);
}
