using Millrace.Batches;
using Millrace.Execution.Spilling;
using Millrace.Graph;
using Millrace.Graph.Connecting;
using Millrace.Operators;
using Millrace.Operators.Connected;
using Millrace.Operators.Sorting;

namespace Millrace.Tasks.Sorting;

/// <summary>Puts the input of a stateful operator in the order of its keys, so that the state of one key is held at a
/// time. In batch mode only: without it, operators stay as they are.</summary>
/// <param name="environment">Of the chain.</param>
/// <param name="tools">Of the loop.</param>
/// <param name="node">The operator in the plan.</param>
internal sealed class KeyOrder(ChainEnvironment environment, SortTools tools, StreamNode node)
{
    private bool IsBatch => environment.Graph.Settings.Mode == RuntimeMode.Batch;

    /// <summary>The operator, behind a sort where it takes its input key by key.</summary>
    /// <param name="step">The operator.</param>
    /// <param name="keySelector">Takes the key out of a record.</param>
    public StreamOperator<TIn> Of<TKey, TIn>(StreamOperator<TIn> step, Func<TIn, TKey> keySelector) =>
        IsBatch && step.TryTakeByKey()
            ? new KeySortOperator<TKey, TIn>(step, Sorted(step, keySelector, node.InputHasTimestamps), tools)
            : step;

    /// <summary>The operator, behind a sort of each of its inputs where it takes them key by key.</summary>
    /// <param name="step">The operator.</param>
    /// <param name="keys">Take the key out of a record.</param>
    public TwoInputOperator<TLeft, TRight> Of<TKey, TLeft, TRight>(
        TwoInputOperator<TLeft, TRight> step, CoKeys<TLeft, TRight, TKey> keys) =>
        IsBatch && step.TryTakeByKey()
            ? new TwoInputSortOperator<TKey, TLeft, TRight>(
                step,
                Sorted(new LeftSide<TLeft, TRight>(step), keys.Left, node.HasTimestampsAt(0)),
                Sorted(new RightSide<TLeft, TRight>(step), keys.Right, node.HasTimestampsAt(1)),
                tools)
            : step;

    /// <summary>The operator, behind a sort of its first input where it takes that key by key. Its second input is
    /// broadcast, and complete before the first one comes.</summary>
    /// <param name="step">The operator.</param>
    /// <param name="keySelector">Takes the key out of a record of the first input.</param>
    public TwoInputOperator<TLeft, TRight> OfLeft<TKey, TLeft, TRight>(
        TwoInputOperator<TLeft, TRight> step, Func<TLeft, TKey> keySelector) =>
        IsBatch && step.TryTakeByKey()
            ? new TwoInputSortOperator<TKey, TLeft, TRight>(
                step,
                Sorted(new LeftSide<TLeft, TRight>(step), keySelector, node.HasTimestampsAt(0)),
                null,
                tools)
            : step;

    private SortedInput<TKey, T> Sorted<TKey, T>(StreamOperator<T> step, Func<T, TKey> keySelector, bool hasTimestamps)
    {
        SpillSpace space = environment.Network.Stages.Space;
        return new SortedInput<TKey, T>(
            step,
            keySelector,
            environment.Serializers.GetKeyHasher<TKey>(),
            new RecordSorter<T>(environment.Serializers.Get<T>(), space, space.Options.SortMemoryBytes),
            new BatchPool<T>(
                BatchCapacity.OfChain<T>(environment.Graph.Settings.BatchSize),
                hasTimestamps ? BatchLayout.Timestamps : BatchLayout.None,
                environment.Batches),
            tools,
            IsByTime<TKey, T>(step));
    }

    // What takes some keys as they come takes the others so as well.
    private static bool IsByTime<TKey, T>(StreamOperator<T> step) => step is not IKeyKeeper<TKey>;
}
