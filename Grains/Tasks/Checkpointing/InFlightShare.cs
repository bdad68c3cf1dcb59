using System.Runtime.CompilerServices;
using Millrace.Batches;
using Millrace.Graph;
using Millrace.Serialization;
using Millrace.State;

namespace Millrace.Tasks.Checkpointing;

/// <summary>Which of the records that were in flight to a former subtask are for this one, when there are more or fewer
/// subtasks now.</summary>
/// <remarks>By key: each to the subtask that has its key group now. Broadcast: to each subtask what was on its way to
/// the one whose copy of the state it has taken over. Any other: all of a way to one subtask.</remarks>
internal sealed class InFlightShare<T> : IPartitionerFactory<T>
{
    private readonly SerializerSet _serializers;
    private readonly int _keyGroups;
    private readonly KeyGroupRange _range;
    private readonly SubtaskPlace _former;
    private readonly SubtaskPlace _own;
    private readonly int _turn;
    private Func<T, bool>? _isMine;

    /// <param name="partition">How records find their subtask; null for the natural way.</param>
    /// <param name="serializers">Of the job.</param>
    /// <param name="keyGroups">Number of key groups.</param>
    /// <param name="turn">Ways of which nothing else is known are dealt out by this number.</param>
    /// <param name="former">The former subtask.</param>
    /// <param name="own">This one.</param>
    public InFlightShare(
        PartitionTransformation<T>? partition,
        SerializerSet serializers,
        int keyGroups,
        int turn,
        SubtaskPlace former,
        SubtaskPlace own)
    {
        _serializers = serializers;
        _keyGroups = keyGroups;
        _range = KeyGroupAssignment.RangeOf(keyGroups, own.Count, own.Index);
        _former = former;
        _own = own;
        _turn = turn;
        if (partition is null)
        {
            ByKind(PartitionerKind.Forward);
        }
        else
        {
            partition.Accept(this);
        }
    }

    /// <summary>Whether records that have come on several edges go to other subtasks in different ways, or in one that
    /// only the user knows: then nobody can tell it of those of which the edge is not known.</summary>
    public static bool DependsOnEdge(IEnumerable<StreamEdge> edges)
    {
        object?[] ways =
        [
            .. edges.Select(static edge => edge.Partition?.EdgePartitioner switch
            {
                PartitionerKind.Hash or PartitionerKind.Custom => edge.Partition,
                PartitionerKind.Broadcast or PartitionerKind.Global => (object)edge.Partition.EdgePartitioner.Value,
                _ => null,
            }).Distinct(),
        ];
        return ways.Length > 1
            || Array.Exists(ways, static way => way is Transformation { EdgePartitioner: PartitionerKind.Custom });
    }

    /// <summary>Whether some of them may be.</summary>
    public bool HasAny { get; private set; }

    /// <summary>Removes those that are not from a batch that nobody else has.</summary>
    public void Keep(RecordBatch<T> batch)
    {
        if (_isMine is null)
        {
            return;
        }

        int kept = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            if (_isMine(batch.Values[i]))
            {
                batch.Values[kept] = batch.Values[i];
                if (batch.Timestamps is long[] timestamps)
                {
                    timestamps[kept] = timestamps[i];
                }

                kept++;
            }
        }

        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            batch.Values.AsSpan(kept, batch.Count - kept).Clear();
        }

        batch.Count = kept;
    }

    /// <inheritdoc/>
    public void ByKind(PartitionerKind kind) => HasAny = kind switch
    {
        PartitionerKind.Broadcast => _own.Index % _former.Count == _former.Index,
        PartitionerKind.Global => _own.Index == _former.Index,
        _ => _turn % _own.Count == _own.Index,
    };

    /// <inheritdoc/>
    public void ByKey<TKey>(Func<T, TKey> keySelector)
    {
        KeyHasher<TKey> hasher = _serializers.GetKeyHasher<TKey>();
        HasAny = true;
        _isMine = record =>
        {
            TKey key = keySelector(record);
            return _range.Contains(KeyGroupAssignment.KeyGroupOf(hasher.Hash(in key), _keyGroups));
        };
    }

    /// <inheritdoc/>
    public void Custom<TKey>(Func<T, TKey> keySelector, Func<TKey, int, int> partitioner) =>
        ByKind(PartitionerKind.Custom);
}
