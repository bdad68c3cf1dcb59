using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>A part of an operator's keyed state that is saved and restored, whatever it is kept in.</summary>
internal abstract class RestorableSection
{
    /// <summary>What it holds, with the present shapes.</summary>
    public abstract SectionHeader Header { get; }

    /// <summary>Entries follow that were written with these shapes.</summary>
    /// <returns>Adds the next entry from bytes, and returns the hash of its key.</returns>
    /// <exception cref="IncompatibleShapeException">A present shape cannot take such data over.</exception>
    public abstract EntryReader ReaderOf(SectionHeader written);

    /// <summary>Adds the next entry from bytes.</summary>
    /// <returns>The hash of its key.</returns>
    internal delegate ulong EntryReader(ref RecordReader reader);
}
