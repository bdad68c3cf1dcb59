using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>A part of an operator's keyed state that is saved and restored: a state, or a queue of timers.</summary>
/// <remarks>Belongs to the operator's loop.</remarks>
internal abstract class KeyedSection
{
    /// <summary>What it holds, with the present shapes.</summary>
    public abstract SectionHeader Header { get; }

    /// <summary>Number of entries.</summary>
    public abstract int EntryCount { get; }

    /// <summary>Its entries as they are now, in a time that does not depend on how many there are.</summary>
    /// <param name="order">What for. Sections that do not know what has changed give everything.</param>
    public abstract FrozenSection Freeze(in SnapshotOrder order);

    /// <summary>A checkpoint it was frozen for is complete: later ones may build upon it.</summary>
    public virtual void Completed(long checkpoint)
    {
    }

    /// <summary>Forgets all entries.</summary>
    public abstract void ForgetAll();

    /// <summary>Entries follow that were written with these shapes.</summary>
    /// <param name="written">The shapes.</param>
    /// <param name="replaces">Whether an entry may be there already, and is replaced.</param>
    /// <returns>Adds the next entry from bytes, and returns the hash of its key.</returns>
    /// <exception cref="IncompatibleShapeException">A present shape cannot take such data over.</exception>
    public abstract EntryReader ReaderOf(SectionHeader written, bool replaces);

    /// <summary>What entries are found by follows, written with these shapes.</summary>
    /// <returns>Removes the next entry, if it is there, and returns the hash of its key.</returns>
    /// <exception cref="IncompatibleShapeException">A present shape cannot take such data over, or the section writes
    /// no such thing.</exception>
    public virtual EntryReader RemoverOf(SectionHeader written) => throw new IncompatibleShapeException(
        written.Name, "it was saved as changes, which it does not take");

    /// <summary>Takes the next entry from bytes.</summary>
    /// <returns>The hash of its key.</returns>
    internal delegate ulong EntryReader(ref RecordReader reader);
}
