using Millrace.Serialization;
using Millrace.State.Disk.Rocks;
using Millrace.State.Snapshots;

namespace Millrace.State.Disk;

/// <summary>Keyed state on the disk, of which the memory holds what is in use. Timers, and tables that an operator
/// works on in place, stay in memory.</summary>
internal sealed class DiskStateBackend<TKey> : KeyedStateBackend<TKey>
{
    private readonly RowCursor<TKey> _cursor;
    private readonly DiskStates _states;
    private readonly DiskScope<TKey> _keyed;
    private readonly List<KeyedSection> _sections = [];
    private readonly List<DiskState> _wanted = [];
    private Action? _keyChanged;

    public DiskStateBackend(KeyedStateSettings settings, DiskStateSpace space)
        : base(settings)
    {
        _cursor = new RowCursor<TKey>(Codec, settings.KeyGroups);
        _states = new DiskStates(settings, space, TakeIn);
        _keyed = new DiskScope<TKey>(settings, _cursor, Codec, _states);
    }

    public override StateScope Keyed => _keyed;

    public override bool Prefetches => true;

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

    public override void Prefetch(ReadOnlySpan<TKey> keys, ReadOnlySpan<ulong> hashes)
    {
        _wanted.Clear();
        foreach (DiskState state in _keyed.States)
        {
            if (state.IsWanted(keys.Length))
            {
                _wanted.Add(state);
            }
        }

        if (_wanted.Count == 0)
        {
            return;
        }

        DiskRows rows = _states.Rows;
        int most = Math.Min(keys.Length, rows.MostWanted / _wanted.Count);
        rows.BeginWanting(most * _wanted.Count);
        for (int i = 0; i < most; i++)
        {
            _cursor.Set(in keys[i], hashes[i]);
            foreach (DiskState state in _wanted)
            {
                rows.Want(_cursor.Row(state.Number));
            }
        }

        rows.Fetch();
        ClearKey();
    }

    public override void ForgetAll()
    {
        _states.ForgetAll(Settings.Range);
        foreach (KeyedSection section in _sections)
        {
            section.ForgetAll();
        }
    }

    public override TKey[] KeysOf(string stateName)
    {
        DiskState state = _keyed.States.Find(state => state.Name == stateName)
            ?? throw new InvalidOperationException(
                $"Operator '{Settings.OperatorName}' has no state '{stateName}' that belongs to a key alone.");
        List<TKey> keys = [];
        byte[] prefix = new byte[RowCursor.PrefixBytes];
        for (int keyGroup = Settings.Range.First; keyGroup < Settings.Range.End; keyGroup++)
        {
            RowCursor.WritePrefix(prefix, keyGroup, state.Number);
            using RocksScan scan = _states.Rows.Scan(prefix, prefix);
            AddKeys(scan, keys);
        }

        return [.. keys];
    }

    public override NamespaceScope<TNamespace> CreateScope<TNamespace>()
    {
        var scope = new DiskNamespaceScope<TKey, TNamespace>(Settings, _cursor, Hasher, Keys, _states);
        _keyChanged += scope.Clear;
        return scope;
    }

    public override void Register(KeyedSection section)
    {
        TakeIn(section);
        _sections.Add(section);
    }

    // The database stays open until what is frozen is written or given up.
    public override FrozenState Freeze(in SnapshotOrder order)
    {
        List<FrozenSection> sections = [];
        List<IDisposable> held = [];
        FrozenSections frozen = new(Settings, sections, FreezeUntouched(), IsUntouchedWritten(in order), held);
        try
        {
            foreach (KeyedSection section in _sections)
            {
                sections.Add(section.Freeze(in order));
            }

            _states.Freeze(in order, sections, held);
            return frozen;
        }
        catch
        {
            frozen.Dispose();
            throw;
        }
    }

    public override void Completed(long checkpoint)
    {
        _sections.ForEach(section => section.Completed(checkpoint));
        _states.Completed(checkpoint);
    }

    public override void Dispose()
    {
        _states.Dispose();
        base.Dispose();
    }

    // A map has several rows for a key.
    private void AddKeys(RocksScan scan, List<TKey> keys)
    {
        while (scan.IsValid)
        {
            RecordReader reader = new(scan.Key[RowCursor.PrefixBytes..]);
            keys.Add(Codec.Read(ref reader));
            byte[] row = scan.Key[..(RowCursor.PrefixBytes + reader.Position)].ToArray();
            do
            {
                scan.MoveNext();
            }
            while (scan.IsValid && scan.Key.StartsWith(row));
        }
    }
}
