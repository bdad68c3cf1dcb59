using Millrace.Batches;
using Millrace.Execution.Spilling;
using Millrace.Graph;
using Millrace.Graph.Connecting;
using Millrace.Operators;
using Millrace.Operators.Connected;
using Millrace.Operators.Sorting;
using Millrace.Serialization;

namespace Millrace.Tasks.Sorting;

/// <summary>Puts the input of a stateful operator in the order of its keys, so that the state of one key is held at a
/// time. In batch mode only: without it, operators stay as they are.</summary>
/// <param name="supplies">What sorts are made from; null in streaming mode.</param>
/// <param name="tools">Of the loop.</param>
/// <param name="node">The operator in the plan.</param>
internal sealed class KeyOrder(SortSupplies? supplies, SortTools tools, StreamNode node)
{
    /// <summary>The operator, behind a sort where it takes its input key by key.</summary>
    /// <param name="step">The operator.</param>
    /// <param name="keySelector">Takes the key out of a record.</param>
    public StreamOperator<TIn> Of<TKey, TIn>(StreamOperator<TIn> step, Func<TIn, TKey> keySelector) =>
        supplies is not null && step.TryTakeByKey()
            ? new KeySortOperator<TKey, TIn>(
                step, supplies.Sorted(step, keySelector, node.InputHasTimestamps, tools), tools)
            : step;

    /// <summary>The operator, behind a sort of each of its inputs where it takes them key by key.</summary>
    /// <param name="step">The operator.</param>
    /// <param name="keys">Take the key out of a record.</param>
    public TwoInputOperator<TLeft, TRight> Of<TKey, TLeft, TRight>(
        TwoInputOperator<TLeft, TRight> step, CoKeys<TLeft, TRight, TKey> keys) =>
        supplies is not null && step.TryTakeByKey()
            ? new TwoInputSortOperator<TKey, TLeft, TRight>(
                step,
                supplies.Sorted(new LeftSide<TLeft, TRight>(step), keys.Left, node.HasTimestampsAt(0), tools),
                supplies.Sorted(new RightSide<TLeft, TRight>(step), keys.Right, node.HasTimestampsAt(1), tools),
                tools)
            : step;

    /// <summary>The operator, behind a sort of its first input where it takes that key by key. Its second input is
    /// broadcast, and complete before the first one comes.</summary>
    /// <param name="step">The operator.</param>
    /// <param name="keySelector">Takes the key out of a record of the first input.</param>
    public TwoInputOperator<TLeft, TRight> OfLeft<TKey, TLeft, TRight>(
        TwoInputOperator<TLeft, TRight> step, Func<TLeft, TKey> keySelector) =>
        supplies is not null && step.TryTakeByKey()
            ? new TwoInputSortOperator<TKey, TLeft, TRight>(
                step,
                supplies.Sorted(new LeftSide<TLeft, TRight>(step), keySelector, node.HasTimestampsAt(0), tools),
                null,
                tools)
            : step;
}

/// <summary>What the sorts of a chain are made from.</summary>
/// <param name="Space">Where records go that do not fit the memory.</param>
/// <param name="Serializers">Of the job.</param>
/// <param name="BatchSize">Most records of a batch, or null for the default.</param>
/// <param name="Batches">Counts the batches that are out.</param>
internal sealed record SortSupplies(
    SpillSpace Space, SerializerSet Serializers, int? BatchSize, BatchAccount Batches)
{
    /// <summary>Those of a chain; null where nothing is sorted, as in streaming mode.</summary>
    public static SortSupplies? Of(ChainEnvironment environment) =>
        environment.Graph.Settings.Mode == RuntimeMode.Batch
            ? new SortSupplies(
                environment.Network.Stages.Space,
                environment.Serializers,
                environment.Graph.Settings.BatchSize,
                environment.Batches)
            : null;

    /// <summary>An input that is sorted for an operator.</summary>
    public SortedInput<TKey, T> Sorted<TKey, T>(
        StreamOperator<T> step, Func<T, TKey> keySelector, bool hasTimestamps, SortTools tools) => new(
        step,
        keySelector,
        Serializers.GetKeyHasher<TKey>(),
        new RecordSorter<T>(Serializers.Get<T>(), Space, Space.Options.SortMemoryBytes),
        new BatchPool<T>(
            BatchCapacity.OfChain<T>(BatchSize),
            hasTimestamps ? BatchLayout.Timestamps : BatchLayout.None,
            Batches),
        tools,
        IsByTime<TKey, T>(step));

    // What takes some keys as they come takes the others so as well.
    private static bool IsByTime<TKey, T>(StreamOperator<T> step) => step is not IKeyKeeper<TKey>;
}
