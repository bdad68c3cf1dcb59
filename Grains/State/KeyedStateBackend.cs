using Millrace.Serialization;
using Millrace.State.Heap;
using Millrace.State.Snapshots;
using Millrace.State.Snapshots.Restored;

namespace Millrace.State;

/// <summary>The keyed state of one operator in one subtask. Belongs to its loop.</summary>
/// <remarks>
/// Life: built; <see cref="Restore"/> at most once; states and timers are asked for or registered, and take over what
/// was restored; then records, with a key each, and snapshots between them; disposed with its operator. State is
/// addressed by key group, key and namespace, such as a window; the key group follows from the key.
/// </remarks>
internal abstract class KeyedStateBackend<TKey> : IRestoredStates, IDisposable
{
    private readonly List<RestorableSection> _known = [];
    private RestoredState _restored;
    private long _firstTracked = long.MaxValue;

    protected KeyedStateBackend(KeyedStateSettings settings)
    {
        Settings = settings;
        Hasher = settings.Serializers.GetKeyHasher<TKey>();
        Keys = settings.Serializers.Get<TKey>();
        Codec = new KeyCodec<TKey>(settings.Serializers, Hasher, Keys);
        _restored = RestoredState.Empty(settings);
    }

    /// <summary>What it was made from.</summary>
    public KeyedStateSettings Settings { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Unasked =>
        [.. _restored.Untouched.Select(static section => $"{section.Header.Kind} '{section.Header.Name}'").Distinct()];

    /// <summary>The hash by which keys find their group.</summary>
    public KeyHasher<TKey> Hasher { get; }

    /// <summary>State that belongs to a key alone.</summary>
    public abstract StateScope Keyed { get; }

    /// <summary>Whether it gains by knowing keys before their records are worked on: see <see cref="Prefetch"/>.
    /// </summary>
    public virtual bool Prefetches => false;

    /// <summary>The key at work.</summary>
    /// <exception cref="InvalidStateUseException">There is none.</exception>
    public abstract ref readonly TKey CurrentKey { get; }

    /// <summary>Begins work for a key: all states answer for it from now on. Namespaces are to be set again.</summary>
    /// <param name="key">Of one of the key groups of this subtask; not null.</param>
    /// <param name="hash">Its hash.</param>
    public abstract void SetKey(in TKey key, ulong hash);

    /// <summary>Ends work for a key: states refuse to be used.</summary>
    public abstract void ClearKey();

    /// <summary>Before records are worked on, while no key is at work: what is kept for their keys will be asked for
    /// soon.</summary>
    /// <param name="keys">Of the records, in their order; a key may come several times.</param>
    /// <param name="hashes">Their hashes.</param>
    public virtual void Prefetch(ReadOnlySpan<TKey> keys, ReadOnlySpan<ulong> hashes)
    {
    }

    /// <summary>Forgets everything, of all keys: over sorted input the next one comes.</summary>
    public abstract void ForgetAll();

    /// <summary>All keys of this subtask that have a state which belongs to a key alone, in no particular
    /// order.</summary>
    /// <param name="stateName">Of a state that was asked for.</param>
    public abstract TKey[] KeysOf(string stateName);

    /// <summary>A further scope, of state that belongs to a key and a namespace within it.</summary>
    public abstract NamespaceScope<TNamespace> CreateScope<TNamespace>();

    /// <summary>A state of one value for each key, as a table in memory, whatever the backend keeps other states in:
    /// for an operator that works on many keys at once, and on values in place.</summary>
    /// <param name="name">Of the state.</param>
    /// <param name="copy">Copies a value as far as the operator changes it in place. By default all of it is copied,
    /// unless it is immutable.</param>
    /// <exception cref="InvalidStateUseException">The name is in use for something else.</exception>
    /// <exception cref="IncompatibleStateException">What was saved under the name cannot be taken over.</exception>
    public KeyedTable<TKey, T> CreateTable<T>(string name, Func<T, T>? copy = null)
    {
        // Nobody asks it for the entry at work.
        var state = new HeapValueState<TKey, T>(
            new HeapStateParts<TKey>(Settings.OperatorName, name, new StateCursor<TKey>(), Codec),
            Settings.Serializers.Get<T>(),
            Settings.Serializers,
            null,
            copy);
        Register(state);
        return state.Table;
    }

    /// <summary>Makes something that is not a state, such as a queue of timers, part of the snapshots, and gives it
    /// what was restored for it.</summary>
    /// <exception cref="IncompatibleStateException">What was saved cannot be taken over.</exception>
    public abstract void Register(KeyedSection section);

    /// <summary>Everything that is kept, as it is now, in a time that does not depend on how much there is: to be
    /// written off the loop (docs/formats/keyed-state.md).</summary>
    /// <param name="order">What for, and whether changes will do.</param>
    public abstract FrozenState Freeze(in SnapshotOrder order);

    /// <summary>A checkpoint that this attempt took part in is complete: later ones may build upon it.</summary>
    /// <param name="checkpoint">Its number.</param>
    public virtual void Completed(long checkpoint)
    {
    }

    /// <summary>Everything that is kept, as bytes.</summary>
    public byte[] Snapshot() => Freeze(SnapshotOrder.Everything).ToArray();

    /// <summary>Takes over what snapshots hold for the key groups of this subtask.</summary>
    /// <param name="snapshots">Of any number of subtasks; together they cover those key groups, each once.</param>
    /// <exception cref="IncompatibleStateException">They do not cover them, or were taken with another number of key
    /// groups.</exception>
    /// <exception cref="Serialization.RecordCorruptedException">The bytes are no snapshot.</exception>
    public void Restore(IReadOnlyList<KeyedSnapshot> snapshots)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        if (_known.Count > 0)
        {
            throw new InvalidOperationException(
                $"Operator '{Settings.OperatorName}' is to restore state after it was asked for.");
        }

        _restored = RestoredState.Of(Settings, snapshots);
    }

    /// <summary>After the last call: gives back what is held outside the memory.</summary>
    public virtual void Dispose() => _restored.Dispose();

    /// <summary>Serializes keys.</summary>
    protected TypeSerializer<TKey> Keys { get; }

    /// <summary>Writes and reads what entries that belong to a key alone are found by.</summary>
    protected KeyCodec<TKey> Codec { get; }

    /// <summary>What was restored and nobody has asked for, held until it is disposed.</summary>
    protected UntouchedState FreezeUntouched() => _restored.Freeze();

    /// <summary>Whether what nobody has asked for is in the checkpoint that is built upon. What nobody asked for
    /// never changes: it is as it was in the first of those checkpoints. Asked once for each freeze.</summary>
    protected bool IsUntouchedWritten(in SnapshotOrder order)
    {
        bool isWritten = order.BuildsOn > 0 && order.BuildsOn >= _firstTracked;
        _firstTracked = !order.TracksChanges ? long.MaxValue : Math.Min(_firstTracked, order.Checkpoint);
        return isWritten;
    }

    /// <summary>Takes in a section, with what was restored for it. Its name is unique over all scopes of the operator:
    /// it is what the section is found by after a restart.</summary>
    protected void TakeIn(RestorableSection section)
    {
        if (_known.Find(known => known.Header.Id == section.Header.Id) is { } known)
        {
            throw new InvalidStateUseException(
                $"Operator '{Settings.OperatorName}' uses the name '{section.Header.Name}' for two states: " +
                $"{known.Header.Description}, and {section.Header.Description}. Give one of them another name.");
        }

        _restored.MoveTo(section);
        _known.Add(section);
    }
}
