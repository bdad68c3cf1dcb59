using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Millrace.Serialization;
using Millrace.State.Heap;

namespace Millrace.State.OperatorStates;

/// <summary>A map of which each subtask has the whole, in memory.</summary>
internal sealed class BroadcastState<TKey, TValue>(string name, SerializerSet serializers, BroadcastAccess access)
    : IBroadcastState<TKey, TValue>, IOperatorState
    where TKey : notnull
{
    private readonly TypeSerializer<TKey> _keys = serializers.Get<TKey>();
    private readonly TypeSerializer<TValue> _values = serializers.Get<TValue>();
    private readonly Dictionary<TKey, TValue> _kept =
        new(new KeyComparer<TKey>(serializers.GetKeyHasher<TKey>()));

    public OperatorStateHeader Header => new(OperatorStateKind.Broadcast, name, _keys.Shape, _values.Shape);

    public int Elements => _kept.Count;

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
        _kept[CopyKey(key)] = CopyValue(value);
    }

    public bool Remove(TKey key)
    {
        access.RequireWritable(name);
        return _kept.Remove(key);
    }

    public void Clear()
    {
        access.RequireWritable(name);
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

    public void Write(RecordWriter writer)
    {
        foreach ((TKey key, TValue value) in _kept)
        {
            _keys.Write(writer, in key);
            _values.Write(writer, in value);
        }
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

    private TKey CopyKey(TKey key) => _keys.IsImmutable ? key : _keys.Copy(key);

    private TValue CopyValue(TValue value) => _values.IsImmutable ? value : _values.Copy(value);
}
