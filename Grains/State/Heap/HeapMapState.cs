using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Millrace.Serialization;
using Millrace.State.Snapshots;
using Millrace.State.TimeToLive;

namespace Millrace.State.Heap;

/// <summary>A map for each entry, in memory. An empty map has no entry.</summary>
/// <remarks>Keys and values that can change are copied on their way in and out, so that they do not: a frozen map
/// shares them.</remarks>
internal sealed class HeapMapState<TEntry, TKey, TValue>(
    HeapStateParts<TEntry> parts,
    SerializerSet serializers,
    TypeSerializer<TKey> keys,
    TypeSerializer<TValue> values)
    : HeapState<TEntry, Dictionary<TKey, TValue>>(parts, static map => new(map, map.Comparer)),
        IKeptMap<TKey, TValue>,
        ISweptEntries<TValue>
    where TKey : notnull
{
    private readonly KeyComparer<TKey> _comparer = new(serializers.GetKeyHasher<TKey>());
    private readonly bool _copiesKeys = !keys.IsImmutable;
    private readonly bool _copiesValues = !values.IsImmutable;
    private TableSweep<TEntry, Dictionary<TKey, TValue>>? _sweep;

    public override SectionHeader Header { get; }
        = new(SectionKind.Map, parts.Name, parts.Codec.Key, parts.Codec.Namespace, keys.Shape, values.Shape);

    public int Count => FindMap()?.Count ?? 0;

    public TValue this[TKey key]
    {
        get => TryGet(key, out TValue? value)
            ? value
            : throw new KeyNotFoundException($"The map of state '{Name}' has no entry '{key}' for the current key.");
        set
        {
            ArgumentNullException.ThrowIfNull(key);
            TKey keptKey = CopyKey(key);
            TValue keptValue = CopyValue(value);
            ref Dictionary<TKey, TValue> map = ref FindOrAdd(out bool exists);
            if (!exists)
            {
                map = new Dictionary<TKey, TValue>(_comparer);
            }

            map[keptKey] = keptValue;
        }
    }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (FindMap() is { } map && map.TryGetValue(key, out TValue? kept))
        {
            value = CopyValue(kept);
            return true;
        }

        value = default;
        return false;
    }

    public bool Contains(TKey key) => FindMap()?.ContainsKey(key) ?? false;

    public bool Remove(TKey key)
    {
        int index = Find();
        if (index < 0 || !Table.ValueAt(index).ContainsKey(key))
        {
            return false;
        }

        if (Table.ValueAt(index).Count == 1)
        {
            RemoveEntry();
            return true;
        }

        return Table.ChangeAt(index).Remove(key);
    }

    public void Clear() => RemoveEntry();

    public void CopyKeys(List<TKey> into)
    {
        if (FindMap() is { } map)
        {
            foreach ((TKey key, _) in map)
            {
                into.Add(CopyKey(key));
            }
        }
    }

    public void Sweep(int looks, Func<TValue, bool> isOver) => (_sweep ??= SweepOf(isOver)).Go(looks);

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() =>
        FindMap() is { } map ? Enumerate(map) : Enumerable.Empty<KeyValuePair<TKey, TValue>>().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    protected override EntryValues<Dictionary<TKey, TValue>> ValuesOf(SectionHeader written)
    {
        TypeSerializer<TKey> keyReader = serializers.CreateReader<TKey>(written.MapKey!);
        TypeSerializer<TValue> valueReader = serializers.CreateReader<TValue>(written.Value!);
        return new EntryValues<Dictionary<TKey, TValue>>(Read, AreBlocks: false);

        Dictionary<TKey, TValue> Read(ref RecordReader reader)
        {
            int count = reader.ReadCount(keyReader.MinBytes + valueReader.MinBytes);
            Dictionary<TKey, TValue> map = new(count, _comparer);
            for (int i = 0; i < count; i++)
            {
                TKey key = keyReader.Read(ref reader);
                if (key is null || !map.TryAdd(key, valueReader.Read(ref reader)))
                {
                    reader.ThrowCorrupted($"a map of state '{Name}' has a key that is null or comes twice");
                }
            }

            return map;
        }
    }

    protected override PartReader MoreOf(SectionHeader written)
    {
        TypeSerializer<TKey> keyReader = serializers.CreateReader<TKey>(written.MapKey!);
        TypeSerializer<TValue> valueReader = serializers.CreateReader<TValue>(written.Value!);
        return (ref RecordReader reader, Dictionary<TKey, TValue> kept) =>
        {
            int count = reader.ReadCount(keyReader.MinBytes + valueReader.MinBytes);
            for (int i = 0; i < count; i++)
            {
                TKey key = keyReader.Read(ref reader);
                if (key is null)
                {
                    reader.ThrowCorrupted($"a map of state '{Name}' has a key that is null");
                }

                kept[key] = valueReader.Read(ref reader);
            }
        };
    }

    public override void WriteValue(RecordWriter writer, in Dictionary<TKey, TValue> value)
    {
        writer.WriteCount(value.Count);
        foreach ((TKey mapKey, TValue mapValue) in value)
        {
            keys.Write(writer, in mapKey);
            values.Write(writer, in mapValue);
        }
    }

    private TableSweep<TEntry, Dictionary<TKey, TValue>> SweepOf(Func<TValue, bool> isOver) =>
        new(Table, Hasher, static map => map.Count, index => IsOver(index, isOver));

    private bool IsOver(int index, Func<TValue, bool> isOver)
    {
        Dictionary<TKey, TValue> map = Table.ValueAt(index);
        List<TKey>? gone = null;
        foreach ((TKey key, TValue value) in map)
        {
            if (isOver(value))
            {
                (gone ??= []).Add(key);
            }
        }

        if (gone is null || gone.Count == map.Count)
        {
            return gone is not null;
        }

        Dictionary<TKey, TValue> left = Table.ChangeAt(index);
        gone.ForEach(key => left.Remove(key));
        return false;
    }

    private Dictionary<TKey, TValue>? FindMap()
    {
        int index = Find();
        return index < 0 ? null : Table.ValueAt(index);
    }

    private IEnumerator<KeyValuePair<TKey, TValue>> Enumerate(Dictionary<TKey, TValue> map)
    {
        foreach ((TKey key, TValue value) in map)
        {
            yield return KeyValuePair.Create(CopyKey(key), CopyValue(value));
        }
    }

    private TKey CopyKey(TKey key) => _copiesKeys ? keys.Copy(key) : key;

    private TValue CopyValue(TValue value) => _copiesValues ? values.Copy(value) : value;
}

/// <summary>Compares by what keys are made of, as keys of streams do.</summary>
internal sealed class KeyComparer<TKey>(KeyHasher<TKey> hasher) : IEqualityComparer<TKey>
{
    public bool Equals(TKey? left, TKey? right) =>
        left is null || right is null ? left is null && right is null : hasher.Equals(in left, in right);

    public int GetHashCode([DisallowNull] TKey key) => (int)hasher.Hash(in key);
}
