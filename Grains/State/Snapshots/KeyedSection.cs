namespace Millrace.State.Snapshots;

/// <summary>A part of an operator's keyed state that is kept in memory: a state, or a queue of timers.</summary>
/// <remarks>Belongs to the operator's loop.</remarks>
internal abstract class KeyedSection : RestorableSection
{
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
}
