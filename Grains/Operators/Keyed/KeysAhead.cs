using Millrace.Batches;
using Millrace.State;

namespace Millrace.Operators.Keyed;

/// <summary>Keys of the records that come next, taken before these are worked on, for state that is looked up for many
/// keys at a time. Belongs to one loop.</summary>
internal sealed class KeysAhead<TKey>(string operatorName, KeyedStateBackend<TKey> state)
{
    // Enough to look up together; when the outputs have no more room, as many keys at most were taken in vain.
    private const int MostRecords = 256;

    private readonly TKey[] _keys = new TKey[MostRecords];
    private readonly ulong[] _hashes = new ulong[MostRecords];
    private int _first;
    private int _count;

    /// <summary>What takes keys ahead for a backend that gains by it.</summary>
    /// <returns>Null for others.</returns>
    public static KeysAhead<TKey>? Of(string operatorName, KeyedStateBackend<TKey> state) =>
        state.Prefetches ? new KeysAhead<TKey>(operatorName, state) : null;

    /// <summary>Records of another batch follow, or of another place in it.</summary>
    public void Begin() => _count = 0;

    /// <summary>Begins work for the key of a record, with which others are looked up.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="position">The record.</param>
    /// <param name="end">Behind the last record that is to be worked on.</param>
    /// <param name="selector">Takes the key out of a record.</param>
    /// <returns>The key's hash.</returns>
    public ulong SetKey<T>(RecordBatch<T> batch, int position, int end, Func<T, TKey> selector)
    {
        int index = position - _first;
        if ((uint)index >= (uint)_count)
        {
            Take(batch, position, end, selector);
            index = 0;
        }

        state.SetKey(in _keys[index], _hashes[index]);
        return _hashes[index];
    }

    private void Take<T>(RecordBatch<T> batch, int position, int end, Func<T, TKey> selector)
    {
        _first = position;
        _count = 0;
        state.ClearKey();
        ReadOnlySpan<T> records = batch.Records.Slice(position, Math.Min(end - position, MostRecords));
        while (_count < records.Length && TryTake(records[_count], selector))
        {
            _count++;
        }

        if (batch.Hashes is ulong[] carried)
        {
            carried.AsSpan(position, _count).CopyTo(_hashes);
        }
        else
        {
            state.Hasher.HashBatch(_keys.AsSpan(0, _count), _hashes);
        }

        state.Prefetch(_keys.AsSpan(0, _count), _hashes.AsSpan(0, _count));
    }

    // A record without a key fails when its turn has come, behind those before it.
    private bool TryTake<T>(T record, Func<T, TKey> selector)
    {
        try
        {
            TKey key = selector(record);
            _keys[_count] = key is null
                ? throw new InvalidOperationException($"The key of '{operatorName}' is null.")
                : key;
            return true;
        }
#pragma warning disable CA1031 // It is thrown again by the call for that record.
        catch when (_count > 0)
#pragma warning restore CA1031
        {
            return false;
        }
    }
}
