using Millrace.Serialization;

namespace Millrace.State.Snapshots;

/// <summary>A part of an operator's keyed state that is kept in memory: a state, or a queue of timers.</summary>
/// <remarks>Belongs to the operator's loop. Between two changes its entries stand at indexes, in an order of its
/// own.</remarks>
internal abstract class KeyedSection : RestorableSection
{
    /// <summary>Number of entries.</summary>
    public abstract int EntryCount { get; }

    /// <summary>The hash of an entry's key; its high half says which key group.</summary>
    public abstract ulong HashOf(int entry);

    /// <summary>Appends an entry.</summary>
    public abstract void Write(RecordWriter writer, int entry);

    /// <summary>Forgets all entries.</summary>
    public abstract void ForgetAll();
}
