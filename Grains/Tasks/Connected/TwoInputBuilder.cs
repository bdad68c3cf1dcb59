using Millrace.Batches;
using Millrace.Functions.Connected;
using Millrace.Graph.Connecting;
using Millrace.Operators;
using Millrace.Operators.Connected;
using Millrace.Operators.Outputs;
using Millrace.State;
using Millrace.State.Heap;

namespace Millrace.Tasks.Connected;

/// <summary>Builds the operator of two inputs that a transformation stands for.</summary>
/// <param name="name">Its name.</param>
/// <param name="state">What its state by key is made from.</param>
/// <param name="loop">The loop it belongs to.</param>
/// <param name="clock">Of the loop's rounds.</param>
/// <param name="output">Its main output.</param>
/// <param name="sides">Its side outputs.</param>
#pragma warning disable CA1001 // What it builds is its chain's.
internal sealed class TwoInputBuilder<TLeft, TRight, TOut>(
    string name,
    KeyedStateSettings state,
    ISubtaskLoop loop,
    RoundClock clock,
    Output<TOut> output,
    SideOutputs sides)
    : ITwoInputFactory<TLeft, TRight, TOut>
#pragma warning restore CA1001
{
    private TwoInputOperator<TLeft, TRight>? _built;

    /// <summary>What was built.</summary>
    public TwoInputOperator<TLeft, TRight> Built =>
        _built ?? throw new InvalidOperationException($"'{name}' has not said which operator it is.");

    public void CoMap(ICoMapFunction<TLeft, TRight, TOut> function) =>
        Co(new CoMapStep<TLeft, TRight, TOut>(function));

    public void CoFlatMap(ICoFlatMapFunction<TLeft, TRight, TOut> function) =>
        Co(new CoFlatMapStep<TLeft, TRight, TOut>(function));

    public void CoProcess(CoProcessFunction<TLeft, TRight, TOut> function) =>
        Co(new CoProcessStep<TLeft, TRight, TOut>(function, loop.Time, sides));

    public void KeyedCoMap<TKey>(
        CoKeys<TLeft, TRight, TKey> keys, ICoMapFunction<TLeft, TRight, TOut> function) =>
        _built = new KeyedCoOperator<TKey, TLeft, TRight, TOut, CoMapStep<TLeft, TRight, TOut>>(
            Parts<TKey>(), keys, _ => new CoMapStep<TLeft, TRight, TOut>(function));

    public void KeyedCoFlatMap<TKey>(
        CoKeys<TLeft, TRight, TKey> keys, ICoFlatMapFunction<TLeft, TRight, TOut> function) =>
        _built = new KeyedCoOperator<TKey, TLeft, TRight, TOut, CoFlatMapStep<TLeft, TRight, TOut>>(
            Parts<TKey>(), keys, _ => new CoFlatMapStep<TLeft, TRight, TOut>(function));

    public void KeyedCoProcess<TKey>(
        CoKeys<TLeft, TRight, TKey> keys, KeyedCoProcessFunction<TKey, TLeft, TRight, TOut> function)
    {
        KeyedOperatorParts<TKey, TOut> parts = Parts<TKey>();
        _built = new KeyedCoOperator<TKey, TLeft, TRight, TOut, KeyedCoProcessStep<TKey, TLeft, TRight, TOut>>(
            parts,
            keys,
            timers => new KeyedCoProcessStep<TKey, TLeft, TRight, TOut>(function, parts.State, timers, sides));
    }

    private void Co<TStep>(TStep step)
        where TStep : struct, ICoStep<TLeft, TRight, TOut> =>
        _built = new CoOperator<TLeft, TRight, TOut, TStep>(name, step, output, sides);

    private KeyedOperatorParts<TKey, TOut> Parts<TKey>() =>
        new(name, new HeapStateBackend<TKey>(state), loop, clock, output, sides);
}
