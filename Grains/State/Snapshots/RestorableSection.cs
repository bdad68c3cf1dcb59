using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>A part of an operator's keyed state that is saved and restored, whatever it is kept in.</summary>
internal abstract class RestorableSection
{
    /// <summary>What it holds, with the present shapes.</summary>
    public abstract SectionHeader Header { get; }

    /// <summary>Entries follow that were written with these shapes.</summary>
    /// <param name="written">The shapes.</param>
    /// <param name="replaces">Whether an entry may be there already, and is replaced.</param>
    /// <returns>Adds the next entry from bytes, and returns the hash of its key.</returns>
    /// <exception cref="IncompatibleShapeException">A present shape cannot take such data over.</exception>
    public abstract EntryReader ReaderOf(SectionHeader written, bool replaces);

    /// <summary>As <see cref="ReaderOf"/>, for many entries at once.</summary>
    /// <param name="written">The shapes.</param>
    /// <param name="replaces">Whether an entry may be there already, and is replaced.</param>
    /// <param name="entries">About how many entries follow.</param>
    /// <exception cref="IncompatibleShapeException">A present shape cannot take such data over.</exception>
    public virtual EntriesReader BatchReaderOf(SectionHeader written, bool replaces, long entries) =>
        new SingleEntries(ReaderOf(written, replaces));

    /// <summary>What entries are found by follows, written with these shapes.</summary>
    /// <returns>Removes the next entry, if it is there, and returns the hash of its key.</returns>
    /// <exception cref="IncompatibleShapeException">A present shape cannot take such data over, or the section takes no
    /// changes.</exception>
    public virtual EntryReader RemoverOf(SectionHeader written) => throw new IncompatibleShapeException(
        written.Name, "it was saved as changes, which it does not take");

    /// <summary>Further parts of entries follow that are there, written with these shapes; those of one entry in their
    /// order, and more than once when it was written more than once.</summary>
    /// <returns>Adds the next part to its entry, unless it has it, and returns the hash of its key.</returns>
    /// <exception cref="IncompatibleShapeException">A present shape cannot take such data over, or the section knows no
    /// parts.</exception>
    public virtual EntryReader MoreReaderOf(SectionHeader written) => throw new IncompatibleShapeException(
        written.Name, "it was saved in parts, which it does not take");

    /// <summary>Takes the next entry from bytes.</summary>
    /// <returns>The hash of its key.</returns>
    internal delegate ulong EntryReader(ref RecordReader reader);
}
