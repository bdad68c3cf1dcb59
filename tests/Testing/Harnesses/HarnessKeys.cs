using Millrace.Graph;
using Millrace.Serialization;
using Millrace.State;

namespace Millrace.Harnesses;

/// <summary>Which records of a stream go to the subtask of a harness.</summary>
internal sealed class HarnessKeys<T>(SerializerSet serializers, HarnessSettings settings) : IPartitionerFactory<T>
{
    private readonly KeyGroupRange _range = KeyGroupAssignment.RangeOf(
        settings.MaxParallelism, settings.Parallelism, settings.Subtask);

    /// <summary>The key group of a record; null where there are no keys.</summary>
    public Func<T, int>? KeyGroupOf { get; private set; }

    /// <summary>Of the edge that leads to the operator.</summary>
    public static HarnessKeys<T> Of(StreamEdge edge, SerializerSet serializers, HarnessSettings settings)
    {
        var keys = new HarnessKeys<T>(serializers, settings);
        (edge.Partition as PartitionTransformation<T>)?.Accept(keys);
        return keys;
    }

    /// <summary>Whether a record is one for this subtask; without keys every one is.</summary>
    public bool Owns(T record) => KeyGroupOf is null || _range.Contains(KeyGroupOf(record));

    /// <summary>Makes sure that a record is one for this subtask.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public void Require(T record)
    {
        if (!Owns(record))
        {
            throw new ArgumentException(
                $"Record {record} has a key of key group {KeyGroupOf!(record)}; subtask {settings.Subtask} of " +
                $"{settings.Parallelism} has {_range}. Ask Owns(...) which subtask a record goes to.",
                nameof(record));
        }
    }

    public void ByKind(PartitionerKind kind)
    {
        // Any record may come to any subtask.
    }

    public void ByKey<TKey>(Func<T, TKey> keySelector)
    {
        KeyHasher<TKey> hasher = serializers.GetKeyHasher<TKey>();
        KeyGroupOf = record =>
        {
            TKey key = keySelector(record);
            return KeyGroupAssignment.KeyGroupOf(hasher.Hash(in key), settings.MaxParallelism);
        };
    }

    public void Custom<TKey>(Func<T, TKey> keySelector, Func<TKey, int, int> partitioner)
    {
        // Which subtask it would be is the program's affair, and nothing depends on it here.
    }
}
