using System.Runtime.CompilerServices;
using Millrace.Batches;
using Millrace.State;

namespace Millrace.Operators.Keyed;

/// <summary>Keys of the records at work, with their hashes, in arrays that are used again. Belongs to one
/// loop.</summary>
internal sealed class KeyedRange<TIn, TKey>(string operatorName, Func<TIn, TKey> keySelector, KeyHasher<TKey> hasher)
{
    private TKey[] _keys = [];
    private ulong[] _hashes = [];
    private uint[] _guesses = [];
    private int _count;

    /// <summary>Index in the range of the record whose key is being taken.</summary>
    public int At { get; private set; }

    /// <summary>The keys.</summary>
    public ReadOnlySpan<TKey> Keys => _keys.AsSpan(0, _count);

    /// <summary>Their hashes.</summary>
    public ReadOnlySpan<ulong> Hashes => _hashes.AsSpan(0, _count);

    /// <summary>Room for what a table guesses of each.</summary>
    public uint[] Guesses => _guesses;

    /// <summary>Takes the keys of records.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Take(RecordBatch<TIn> batch, int start, int count)
    {
        Reserve(count);
        ReadOnlySpan<TIn> records = batch.Values.AsSpan(start, count);
        Span<TKey> keys = _keys.AsSpan(0, count);
        Func<TIn, TKey> keyOf = keySelector;
        for (int i = 0; i < records.Length; i++)
        {
            At = i;
            TKey key = keyOf(records[i]);
            keys[i] = key is null ? throw new InvalidOperationException($"The key of '{operatorName}' is null.") : key;
        }

        // Computed once where the records were scattered and carried along; again only behind a remote edge.
        if (batch.Hashes is ulong[] carried)
        {
            carried.AsSpan(start, count).CopyTo(_hashes);
            return;
        }

        hasher.HashBatch(keys, _hashes);
    }

    private void Reserve(int count)
    {
        _count = count;
        if (_keys.Length < count)
        {
            _keys = new TKey[count];
            _hashes = new ulong[count];
            _guesses = new uint[count];
        }
    }
}
