using Millrace.Batches;
using Millrace.Functions;
using Millrace.State;

namespace Millrace.Operators.Keyed;

/// <summary>Keys of the records at work, with their hashes, in arrays that are used again. Belongs to one
/// loop.</summary>
internal sealed class KeyedRange<TIn, TKey>(string operatorName, Func<TIn, TKey> keySelector, KeyHasher<TKey> hasher)
{
    private static readonly bool MayBeNull = default(TKey) is null;

    private readonly MapLoop<TIn, TKey> _selector = MapLoop<TIn, TKey>.Of(keySelector);
    private TKey[] _keys = [];
    private ulong[] _ownHashes = [];
    private uint[] _guesses = [];
    private ulong[] _hashes = [];
    private int _firstHash;
    private int _count;

    /// <summary>The keys.</summary>
    public ReadOnlySpan<TKey> Keys => _keys.AsSpan(0, _count);

    /// <summary>Their hashes.</summary>
    public ReadOnlySpan<ulong> Hashes => _hashes.AsSpan(_firstHash, _count);

    /// <summary>Room for what a table guesses of each.</summary>
    public uint[] Guesses => _guesses;

    /// <summary>Takes the keys of records. Their hashes are good as long as the batch is.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="start">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="left">Set to the number of records still to do, with that at work, for the case that the key
    /// selector throws.</param>
    public void Take(RecordBatch<TIn> batch, int start, int count, ref int left)
    {
        Reserve(count);
        Span<TKey> keys = _keys.AsSpan(0, count);
        _selector.Run(batch.Records.Slice(start, count), keys, ref left);
        if (MayBeNull)
        {
            RequireKeys(keys, ref left);
        }

        // Computed once where the records were scattered and carried along; again only behind a remote edge.
        if (batch.Hashes is ulong[] carried)
        {
            _hashes = carried;
            _firstHash = start;
            return;
        }

        hasher.HashBatch(keys, _ownHashes);
        _hashes = _ownHashes;
        _firstHash = 0;
    }

    private void RequireKeys(ReadOnlySpan<TKey> keys, ref int left)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] is null)
            {
                left = keys.Length - i;
                throw new InvalidOperationException($"The key of '{operatorName}' is null.");
            }
        }
    }

    private void Reserve(int count)
    {
        _count = count;
        if (_keys.Length < count)
        {
            _keys = new TKey[count];
            _ownHashes = new ulong[count];
            _guesses = new uint[count];
        }
    }
}
