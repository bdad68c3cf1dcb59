namespace Millrace.State.Snapshots;

/// <summary>A section of an operator's keyed state as it was at a cut. Written once, by one thread.</summary>
/// <param name="header">What it holds.</param>
internal abstract class FrozenSection(SectionHeader header) : IDisposable
{
    /// <summary>What it holds.</summary>
    public SectionHeader Header => header;

    /// <summary>Whether it holds only what has changed since the checkpoint that is built upon.</summary>
    public virtual bool IsDelta => false;

    /// <summary>Writes the entries that have gone since, in the form by which <see cref="RestorableSection.RemoverOf"/>
    /// finds them: nothing unless <see cref="IsDelta"/>.</summary>
    /// <returns>One behind some hundred entries each.</returns>
    public virtual IEnumerable<int> WriteRemoved(GroupedEntries to) => [];

    /// <summary>Writes the entries.</summary>
    /// <returns>One behind some hundred entries each, and whenever what they are written to is full, which is asked
    /// between two entries.</returns>
    public abstract IEnumerable<int> Write(GroupedEntries to);

    /// <inheritdoc/>
    public abstract void Dispose();
}
