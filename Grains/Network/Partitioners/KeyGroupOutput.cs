using System.Runtime.CompilerServices;
using Millrace.Batches;
using Millrace.Functions;
using Millrace.State;

namespace Millrace.Network.Partitioners;

/// <summary>Hash: each record to the subtask that owns the key group of its key. The hash goes along on local
/// channels.</summary>
internal sealed class KeyGroupOutput<T, TKey> : ScatterOutput<T>
{
    private readonly MapLoop<T, TKey> _keySelector;
    private readonly KeyHasher<TKey> _hasher;
    private readonly string? _consumer;
    private readonly int[] _targetOf;
    private readonly TKey[] _keys;
    private readonly ulong[] _hashes;

    public KeyGroupOutput(OutputParts<T> parts, Func<T, TKey> keySelector, KeyHasher<TKey> hasher, int keyGroups)
        : base(parts)
    {
        _keySelector = MapLoop<T, TKey>.Of(keySelector);
        _hasher = hasher;
        _consumer = parts.Consumer;
        _keys = new TKey[parts.Pool.Capacity];
        _hashes = new ulong[parts.Pool.Capacity];

        // A table instead of a division for each record.
        _targetOf = new int[keyGroups];
        for (int keyGroup = 0; keyGroup < keyGroups; keyGroup++)
        {
            _targetOf[keyGroup] = KeyGroupAssignment.SubtaskOf(keyGroup, keyGroups, parts.Targets.Length);
        }
    }

    /// <inheritdoc/>
    protected override void Scatter(RecordBatch<T> batch)
    {
        // A batch of another output, handed on whole, may be larger than those of this one.
        for (int first = 0; first < batch.Count; first += _keys.Length)
        {
            Scatter(batch, first, Math.Min(_keys.Length, batch.Count - first));
        }
    }

    private void Scatter(RecordBatch<T> batch, int first, int count)
    {
        Span<TKey> keys = _keys.AsSpan(0, count);
        ReadOnlySpan<T> records = batch.Records.Slice(first, count);
        int left = 0;
        ChoosesFor = _consumer;
        _keySelector.Run(records, keys, ref left);
        Span<ulong> hashes = _hashes.AsSpan(0, count);
        _hasher.HashBatch(keys, hashes);
        ChoosesFor = null;
        Put(batch, first, hashes, _targetOf);

        if (RuntimeHelpers.IsReferenceOrContainsReferences<TKey>())
        {
            keys.Clear();
        }
    }
}
