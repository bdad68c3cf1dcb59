using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>A part of an operator's keyed state that is saved and restored: a state, or a queue of timers.</summary>
/// <remarks>Belongs to the operator's loop. Between two changes its entries stand at indexes, in an order of its
/// own.</remarks>
internal abstract class KeyedSection
{
    /// <summary>What it holds, with the present shapes.</summary>
    public abstract SectionHeader Header { get; }

    /// <summary>Number of entries.</summary>
    public abstract int EntryCount { get; }

    /// <summary>The hash of an entry's key; its high half says which key group.</summary>
    public abstract ulong HashOf(int entry);

    /// <summary>Appends an entry.</summary>
    public abstract void Write(RecordWriter writer, int entry);

    /// <summary>Forgets all entries.</summary>
    public abstract void ForgetAll();

    /// <summary>Entries follow that were written with these shapes.</summary>
    /// <returns>Adds the next entry from bytes, and returns the hash of its key.</returns>
    /// <exception cref="IncompatibleShapeException">A present shape cannot take such data over.</exception>
    public abstract EntryReader ReaderOf(SectionHeader written);

    /// <summary>Adds the next entry from bytes.</summary>
    /// <returns>The hash of its key.</returns>
    internal delegate ulong EntryReader(ref RecordReader reader);
}
