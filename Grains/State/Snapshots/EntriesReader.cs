using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>Takes the entries of a section from bytes, many at once. Used by one thread at a time.</summary>
internal abstract class EntriesReader
{
    /// <summary>Takes as many entries as there are places for the hashes of their keys, and says these.</summary>
    public abstract void Read(ref RecordReader reader, scoped Span<ulong> hashes);

    /// <summary>Behind the last entry: nothing else is asked of the section before.</summary>
    /// <exception cref="RecordCorruptedException">They cannot be the entries of a section.</exception>
    public virtual void End()
    {
    }
}

/// <summary>Takes entries one after the other.</summary>
/// <param name="read">Takes the next one.</param>
internal sealed class SingleEntries(RestorableSection.EntryReader read) : EntriesReader
{
    public override void Read(ref RecordReader reader, scoped Span<ulong> hashes)
    {
        for (int i = 0; i < hashes.Length; i++)
        {
            hashes[i] = read(ref reader);
        }
    }
}
