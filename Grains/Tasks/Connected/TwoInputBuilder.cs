using Millrace.Batches;
using Millrace.Functions;
using Millrace.Functions.Connected;
using Millrace.Graph.Connecting;
using Millrace.Joins;
using Millrace.Operators;
using Millrace.Operators.Connected;
using Millrace.Operators.Joins;
using Millrace.Operators.Outputs;
using Millrace.State;
using Millrace.State.OperatorStates;
using Millrace.Tasks.Sorting;

namespace Millrace.Tasks.Connected;

/// <summary>Builds the operator of two inputs that a transformation stands for.</summary>
/// <param name="name">Its name.</param>
/// <param name="state">What its state by key is made from.</param>
/// <param name="loop">The loop it belongs to.</param>
/// <param name="clock">Of the loop's rounds.</param>
/// <param name="output">Its main output.</param>
/// <param name="sides">Its side outputs.</param>
/// <param name="place">What it may use beside that; null for memory, and inputs as they come.</param>
#pragma warning disable CA1001 // What it builds is its chain's.
internal sealed class TwoInputBuilder<TLeft, TRight, TOut>(
    string name,
    KeyedStateSettings state,
    ISubtaskLoop loop,
    RoundClock clock,
    Output<TOut> output,
    SideOutputs sides,
    TwoInputPlace? place = null)
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
        KeyedCo(Parts<TKey>(), keys, _ => new CoMapStep<TLeft, TRight, TOut>(function));

    public void KeyedCoFlatMap<TKey>(
        CoKeys<TLeft, TRight, TKey> keys, ICoFlatMapFunction<TLeft, TRight, TOut> function) =>
        KeyedCo(Parts<TKey>(), keys, _ => new CoFlatMapStep<TLeft, TRight, TOut>(function));

    public void KeyedCoProcess<TKey>(
        CoKeys<TLeft, TRight, TKey> keys, KeyedCoProcessFunction<TKey, TLeft, TRight, TOut> function)
    {
        KeyedOperatorParts<TKey, TOut> parts = Parts<TKey>();
        KeyedCo(
            parts,
            keys,
            timers => new KeyedCoProcessStep<TKey, TLeft, TRight, TOut>(function, parts.State, timers, sides));
    }

    public void BroadcastProcess(
        BroadcastProcessFunction<TLeft, TRight, TOut> function, IReadOnlyList<MapStateDescriptor> states)
    {
        OperatorStateBackend backend = new(name, state.Serializers);
        Co(
            new BroadcastStep<TLeft, TRight, TOut>(function, new BroadcastStates(backend, states), loop.Time, sides),
            backend);
    }

    public void KeyedBroadcastProcess<TKey>(
        Func<TLeft, TKey> keySelector,
        KeyedBroadcastProcessFunction<TKey, TLeft, TRight, TOut> function,
        IReadOnlyList<MapStateDescriptor> states)
    {
        KeyedBroadcastOperator<TKey, TLeft, TRight, TOut> step = new(Parts<TKey>(), keySelector, function, states);
        _built = place?.Order.OfLeft(step, keySelector) ?? step;
    }

    public void IntervalJoin<TKey, TFunction>(
        CoKeys<TLeft, TRight, TKey> keys, JoinInterval<TLeft, TRight> interval, TFunction function)
        where TFunction : IJoinFunction<TLeft, TRight, TOut> =>
        Interval(keys, interval, new JoinStep<TLeft, TRight, TOut, TFunction>(function));

    public void IntervalFlatJoin<TKey>(
        CoKeys<TLeft, TRight, TKey> keys,
        JoinInterval<TLeft, TRight> interval,
        IFlatJoinFunction<TLeft, TRight, TOut> function) =>
        Interval(keys, interval, new FlatJoinStep<TLeft, TRight, TOut>(function));

    public void IntervalProcessJoin<TKey>(
        CoKeys<TLeft, TRight, TKey> keys,
        JoinInterval<TLeft, TRight> interval,
        ProcessJoinFunction<TLeft, TRight, TOut> function) =>
        Interval(keys, interval, new ProcessJoinStep<TLeft, TRight, TOut>(function, sides));

    public void TemporalJoin<TKey, TFunction>(
        CoKeys<TLeft, TRight, TKey> keys, TemporalJoinSides<TLeft> outcasts, TFunction function)
        where TFunction : IJoinFunction<TLeft, TRight, TOut> =>
        _built = Ordered(
            new TemporalJoinOperator<TKey, TLeft, TRight, TOut, TFunction>(Parts<TKey>(), keys, outcasts, function),
            keys);

    private void Interval<TKey, TStep>(
        CoKeys<TLeft, TRight, TKey> keys, JoinInterval<TLeft, TRight> interval, TStep step)
        where TStep : struct, IJoinStep<TLeft, TRight, TOut> =>
        _built = Ordered(
            new IntervalJoinOperator<TKey, TLeft, TRight, TOut, TStep>(Parts<TKey>(), keys, interval, step), keys);

    private void KeyedCo<TKey, TStep>(
        KeyedOperatorParts<TKey, TOut> parts, CoKeys<TLeft, TRight, TKey> keys, Func<ITimerService, TStep> stepOf)
        where TStep : struct, ICoStep<TLeft, TRight, TOut> =>
        _built = Ordered(
            new KeyedCoOperator<TKey, TLeft, TRight, TOut, TStep>(parts, keys, stepOf), keys);

    private void Co<TStep>(TStep step, OperatorStateBackend? states = null)
        where TStep : struct, ICoStep<TLeft, TRight, TOut> =>
        _built = new CoOperator<TLeft, TRight, TOut, TStep>(
            name, step, states ?? new OperatorStateBackend(name, state.Serializers), output, sides);

    private TwoInputOperator<TLeft, TRight> Ordered<TKey>(
        TwoInputOperator<TLeft, TRight> step, CoKeys<TLeft, TRight, TKey> keys) => place?.Order.Of(step, keys) ?? step;

    private KeyedOperatorParts<TKey, TOut> Parts<TKey>() =>
        new(
            name,
            (place?.State ?? StateEnvironment.Memory).Create<TKey>(state, place?.Backend),
            loop,
            clock,
            output,
            sides);
}

/// <summary>What an operator of two inputs may use.</summary>
/// <param name="State">What state can be kept in.</param>
/// <param name="Backend">What the job wants of that; null for the default.</param>
/// <param name="Order">Puts its inputs in the order of their keys.</param>
internal sealed record TwoInputPlace(StateEnvironment State, StateBackend? Backend, KeyOrder Order);
