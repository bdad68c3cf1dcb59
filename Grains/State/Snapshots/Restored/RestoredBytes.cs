using Millrace.Serialization;

namespace Millrace.State.Snapshots.Restored;

/// <summary>Where the bytes of restored state are that are not in memory.</summary>
/// <remarks>Read from any thread, by whoever holds on to it. The last one to let go ends it.</remarks>
internal abstract class RestoredBytes
{
    private int _holders;
    private int _readers;

    /// <summary>Reads neighbouring pieces of it; may block.</summary>
    /// <param name="offset">Where the first one begins.</param>
    /// <param name="into">Gets the bytes, as many as there is room for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Failures.StreamingException">They cannot be read.</exception>
    /// <exception cref="IOException">They cannot be read; trying again may help.</exception>
    public abstract void Read(long offset, Memory<byte> into, CancellationToken cancellationToken);

    /// <summary>Runs reads beside the caller, sooner or later, or not at all: whoever wants bytes that nobody has begun
    /// to read reads them himself.</summary>
    /// <param name="reads">Blocks, and throws nothing.</param>
    /// <returns>Ends with the reads; null when they are not run.</returns>
    public virtual Task? RunBeside(Action reads) => null;

    /// <summary>A piece that was read will be asked for again, when it may be gone from where it is.</summary>
    /// <param name="offset">Where it begins, as it was read.</param>
    /// <param name="bytes">All of it.</param>
    /// <exception cref="Failures.StreamingException">It cannot be kept.</exception>
    public virtual void Keep(long offset, ReadOnlySpan<byte> bytes)
    {
    }

    /// <summary>What to throw when bytes are not those that were written.</summary>
    /// <param name="finding">What is wrong, with the place in them.</param>
    /// <param name="offset">Where they begin.</param>
    public virtual Exception DamageOf(RecordCorruptedException finding, long offset) => finding;

    /// <summary>Makes sure that it can be read until disposal. Whoever made it does so first; from then on, somebody
    /// who holds it.</summary>
    public RestoredHold Hold()
    {
        Interlocked.Increment(ref _holders);
        Interlocked.Increment(ref _readers);
        return new RestoredHold(this);
    }

    /// <summary>Nobody will read what was not kept. It is said again when somebody held it anew meanwhile.</summary>
    protected virtual void Leave()
    {
    }

    /// <summary>Nobody will read it any more.</summary>
    protected abstract void End();

    /// <summary>One who holds it reads only what was kept from now on.</summary>
    internal void OnlyKept()
    {
        if (Interlocked.Decrement(ref _readers) == 0)
        {
            Leave();
        }
    }

    /// <summary>One lets go who reads only what was kept.</summary>
    internal void LetGo()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            End();
        }
    }
}

/// <summary>Somebody may read restored bytes, until disposal. Thread-safe.</summary>
internal sealed class RestoredHold(RestoredBytes bytes) : IDisposable
{
    private const int Reads = 0;
    private const int ReadsKept = 1;
    private const int HasLetGo = 2;

    private int _state = Reads;

    /// <summary>What is held.</summary>
    public RestoredBytes Bytes => bytes;

    /// <summary>All that the holder may ask for is kept: it may go from where it is.</summary>
    public void AllIsKept()
    {
        if (Interlocked.CompareExchange(ref _state, ReadsKept, Reads) == Reads)
        {
            bytes.OnlyKept();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        int before = Interlocked.Exchange(ref _state, HasLetGo);
        if (before == Reads)
        {
            bytes.OnlyKept();
        }

        if (before != HasLetGo)
        {
            bytes.LetGo();
        }
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
