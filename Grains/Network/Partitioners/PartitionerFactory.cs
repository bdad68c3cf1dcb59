using Millrace.Graph;
using Millrace.Serialization;
using Millrace.State;

namespace Millrace.Network.Partitioners;

/// <summary>Builds the output of an edge with its exact types.</summary>
internal sealed class PartitionerFactory<T>(
    OutputParts<T> parts, OutputSpec spec, SerializerSet serializers, Func<Random> random) : IPartitionerFactory<T>
{
    private Func<PartitionOutput<T>>? _build;

    /// <summary>The output of an edge.</summary>
    /// <param name="partition">How the program asks for it; null for a plain edge of <see
    /// cref="OutputSpec.Partitioner"/>.</param>
    public PartitionOutput<T> Build(PartitionTransformation<T>? partition)
    {
        if (partition is null)
        {
            ByKind(spec.Partitioner);
        }
        else
        {
            partition.Accept(this);
        }

        return _build!();
    }

    /// <inheritdoc/>
    public void ByKind(PartitionerKind kind) => _build = () => kind switch
    {
        PartitionerKind.Forward => Forward(),
        PartitionerKind.Global => new DirectOutput<T>(parts, target: 0),
        _ when parts.Targets.Length == 1 => new DirectOutput<T>(parts, target: 0),
        PartitionerKind.Rebalance or PartitionerKind.Rescale =>
            new RoundRobinOutput<T>(parts, spec.Subtask % parts.Targets.Length),
        PartitionerKind.Shuffle => new ShuffleOutput<T>(parts, random()),
        PartitionerKind.Broadcast => new BroadcastOutput<T>(parts),
        _ => throw new InvalidOperationException($"'{spec.Name}': a {kind} edge is not built without its key."),
    };

    /// <inheritdoc/>
    public void ByKey<TKey>(Func<T, TKey> keySelector)
    {
        // A single target owns all key groups: it finds the hash itself when it needs one.
        if (parts.Targets.Length == 1)
        {
            _build = () => new DirectOutput<T>(parts, target: 0);
            return;
        }

        KeyHasher<TKey> hasher = serializers.GetKeyHasher<TKey>();
        _build = () => new KeyGroupOutput<T, TKey>(parts, keySelector, hasher, spec.MaxParallelism);
    }

    /// <inheritdoc/>
    public void Custom<TKey>(Func<T, TKey> keySelector, Func<TKey, int, int> partitioner) =>
        _build = () => new CustomOutput<T, TKey>(parts, keySelector, partitioner);

    private DirectOutput<T> Forward()
    {
        if (parts.Targets.Length != 1)
        {
            throw new InvalidOperationException(
                $"'{spec.Name}': a forward edge has one target, not {parts.Targets.Length}.");
        }

        return new DirectOutput<T>(parts, target: 0);
    }
}
