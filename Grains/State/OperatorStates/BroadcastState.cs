using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Millrace.Serialization;
using Millrace.State.Heap;

namespace Millrace.State.OperatorStates;

/// <summary>A map of which each subtask has the whole, in memory.</summary>
/// <remarks>Keys and values that can change are copied on their way in and out, so that they do not: a frozen map
/// shares them.</remarks>
internal sealed class BroadcastState<TKey, TValue>(string name, SerializerSet serializers, BroadcastAccess access)
    : IBroadcastState<TKey, TValue>, IOperatorState
    where TKey : notnull
{
    private readonly TypeSerializer<TKey> _keys = serializers.Get<TKey>();
    private readonly TypeSerializer<TValue> _values = serializers.Get<TValue>();
    private Dictionary<TKey, TValue> _kept =
        new(new KeyComparer<TKey>(serializers.GetKeyHasher<TKey>()));

    private bool _isFrozen;

    public OperatorStateHeader Header => new(OperatorStateKind.Broadcast, name, _keys.Shape, _values.Shape);

    public int Count => _kept.Count;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_kept.TryGetValue(key, out TValue? kept))
        {
            value = CopyValue(kept);
            return true;
        }

        value = default;
        return false;
    }

    public bool Contains(TKey key) => _kept.ContainsKey(key);

    public void Put(TKey key, TValue value)
    {
        ArgumentNullException.ThrowIfNull(key);
        access.RequireWritable(name);
        TKey keptKey = CopyKey(key);
        TValue keptValue = CopyValue(value);
        Own()[keptKey] = keptValue;
    }

    public bool Remove(TKey key)
    {
        access.RequireWritable(name);
        return _kept.ContainsKey(key) && Own().Remove(key);
    }

    public void Clear()
    {
        access.RequireWritable(name);
        if (_isFrozen)
        {
            _kept = new Dictionary<TKey, TValue>(_kept.Comparer);
            _isFrozen = false;
            return;
        }

        _kept.Clear();
    }

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()
    {
        foreach ((TKey key, TValue value) in _kept)
        {
            yield return new KeyValuePair<TKey, TValue>(CopyKey(key), CopyValue(value));
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public IFrozenOperatorState Freeze()
    {
        _isFrozen = true;
        return new FrozenMap(Header, _kept, _keys, _values);
    }

    // All of them had the same: which one is taken over makes no difference.
    public void Restore(IReadOnlyList<StoredOperatorState> stored, int snapshots, int subtask, int parallelism)
    {
        StoredOperatorState state = stored[subtask % stored.Count];
        TypeSerializer<TKey> keys = serializers.CreateReader<TKey>(state.Header.Key!);
        TypeSerializer<TValue> values = serializers.CreateReader<TValue>(state.Header.Value);
        RecordReader reader = new(state.Bytes.Span);
        for (int i = 0; i < state.Elements; i++)
        {
            TKey key = keys.Read(ref reader);
            TValue value = values.Read(ref reader);
            if (key is null || !_kept.TryAdd(key, value))
            {
                reader.ThrowCorrupted($"key '{key}' of broadcast state '{name}' is null or comes twice");
            }
        }

        reader.ExpectEnd();
    }

    private Dictionary<TKey, TValue> Own()
    {
        if (_isFrozen)
        {
            _kept = new Dictionary<TKey, TValue>(_kept, _kept.Comparer);
            _isFrozen = false;
        }

        return _kept;
    }

    private TKey CopyKey(TKey key) => _keys.IsImmutable ? key : _keys.Copy(key);

    private TValue CopyValue(TValue value) => _values.IsImmutable ? value : _values.Copy(value);

    private sealed class FrozenMap(
        OperatorStateHeader header,
        Dictionary<TKey, TValue> kept,
        TypeSerializer<TKey> keys,
        TypeSerializer<TValue> values)
        : IFrozenOperatorState
    {
        public OperatorStateHeader Header => header;

        public int Elements => kept.Count;

        public void Write(RecordWriter writer)
        {
            foreach ((TKey key, TValue value) in kept)
            {
                keys.Write(writer, in key);
                values.Write(writer, in value);
            }
        }
    }
}
