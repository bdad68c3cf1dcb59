using Millrace.State.Snapshots;

namespace Millrace.State.Heap;

/// <summary>Keyed state in memory.</summary>
internal sealed class HeapStateBackend<TKey> : KeyedStateBackend<TKey>
{
    private readonly StateCursor<TKey> _cursor = new();
    private readonly List<KeyedSection> _sections = [];
    private Action? _keyChanged;

    public HeapStateBackend(KeyedStateSettings settings)
        : base(settings)
    {
        Keyed = new HeapScope<TKey>(settings, _cursor, Codec, Register);
    }

    public override StateScope Keyed { get; }

    public override ref readonly TKey CurrentKey
    {
        get
        {
            if (!_cursor.IsSet)
            {
                throw KeylessUse.OfKey(Settings.OperatorName);
            }

            return ref _cursor.Entry;
        }
    }

    public override void SetKey(in TKey key, ulong hash)
    {
        _cursor.Set(in key, hash);
        _keyChanged?.Invoke();
    }

    public override void ClearKey()
    {
        _cursor.Clear();
        _keyChanged?.Invoke();
    }

    public override void ForgetAll()
    {
        foreach (KeyedSection section in _sections)
        {
            section.ForgetAll();
        }
    }

    public override TKey[] KeysOf(string stateName)
    {
        foreach (KeyedSection section in _sections)
        {
            if (section is IHeapEntries<TKey> entries && section.Header.Id == (SectionKind.Value, stateName))
            {
                var keys = new TKey[section.EntryCount];
                for (int i = 0; i < keys.Length; i++)
                {
                    keys[i] = entries.EntryAt(i);
                }

                return keys;
            }
        }

        throw new InvalidOperationException(
            $"Operator '{Settings.OperatorName}' has no state '{stateName}' that belongs to a key alone.");
    }

    public override NamespaceScope<TNamespace> CreateScope<TNamespace>()
    {
        var scope = new HeapNamespaceScope<TKey, TNamespace>(Settings, _cursor, Hasher, Keys, Register);
        _keyChanged += scope.Clear;
        return scope;
    }

    public override void Register(KeyedSection section)
    {
        TakeIn(section);
        _sections.Add(section);
    }

    public override FrozenState Freeze(in SnapshotOrder order)
    {
        List<FrozenSection> sections = new(_sections.Count);
        try
        {
            foreach (KeyedSection section in _sections)
            {
                sections.Add(section.Freeze(in order));
            }
        }
        catch
        {
            sections.ForEach(static section => section.Dispose());
            throw;
        }

        return new FrozenSections(Settings, sections, FreezeUntouched(), IsUntouchedWritten(in order), []);
    }

    public override void Completed(long checkpoint) => _sections.ForEach(section => section.Completed(checkpoint));
}
