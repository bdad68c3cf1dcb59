using Millrace.Batches;
using Millrace.Execution.Spilling;
using Millrace.Operators;
using Millrace.Operators.Sorting;

namespace Millrace.Tasks.Sorting;

/// <summary>Puts the input of a stateful operator in the order of its keys, so that the state of one key is held at a
/// time. For bounded input.</summary>
internal static class KeyOrder
{
    /// <summary>The operator, behind a sort.</summary>
    /// <param name="step">The operator.</param>
    /// <param name="keySelector">Takes the key out of a record.</param>
    /// <param name="environment">Of the chain.</param>
    /// <param name="layout">Of the batches that come in.</param>
    /// <param name="tools">Of the loop.</param>
    public static StreamOperator<TIn> Of<TKey, TIn>(
        StreamOperator<TIn> step,
        Func<TIn, TKey> keySelector,
        ChainEnvironment environment,
        BatchLayout layout,
        SortTools tools)
    {
        SpillSpace space = environment.Network.Stages.Space;
        return new KeySortOperator<TKey, TIn>(
            step,
            keySelector,
            environment.Serializers.GetKeyHasher<TKey>(),
            new RecordSorter<TIn>(environment.Serializers.Get<TIn>(), space, space.Options.SortMemoryBytes),
            new BatchPool<TIn>(
                BatchCapacity.OfChain<TIn>(environment.Graph.Settings.BatchSize), layout, environment.Batches),
            tools);
    }
}
