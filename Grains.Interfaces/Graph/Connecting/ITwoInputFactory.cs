using Millrace.Functions.Connected;
using Millrace.Joins;
using Millrace.State;

namespace Millrace.Graph.Connecting;

/// <summary>Builds an operator with two inputs, with its exact types.</summary>
internal interface ITwoInputFactory<TLeft, TRight, TOut>
{
    void CoMap(ICoMapFunction<TLeft, TRight, TOut> function);

    void CoFlatMap(ICoFlatMapFunction<TLeft, TRight, TOut> function);

    void CoProcess(CoProcessFunction<TLeft, TRight, TOut> function);

    void KeyedCoMap<TKey>(CoKeys<TLeft, TRight, TKey> keys, ICoMapFunction<TLeft, TRight, TOut> function);

    void KeyedCoFlatMap<TKey>(CoKeys<TLeft, TRight, TKey> keys, ICoFlatMapFunction<TLeft, TRight, TOut> function);

    void KeyedCoProcess<TKey>(
        CoKeys<TLeft, TRight, TKey> keys, KeyedCoProcessFunction<TKey, TLeft, TRight, TOut> function);

    void BroadcastProcess(
        BroadcastProcessFunction<TLeft, TRight, TOut> function, IReadOnlyList<MapStateDescriptor> states);

    void KeyedBroadcastProcess<TKey>(
        Func<TLeft, TKey> keySelector,
        KeyedBroadcastProcessFunction<TKey, TLeft, TRight, TOut> function,
        IReadOnlyList<MapStateDescriptor> states);

    void IntervalJoin<TKey, TFunction>(
        CoKeys<TLeft, TRight, TKey> keys, JoinInterval<TLeft, TRight> interval, TFunction function)
        where TFunction : IJoinFunction<TLeft, TRight, TOut>;

    void IntervalFlatJoin<TKey>(
        CoKeys<TLeft, TRight, TKey> keys,
        JoinInterval<TLeft, TRight> interval,
        IFlatJoinFunction<TLeft, TRight, TOut> function);

    void IntervalProcessJoin<TKey>(
        CoKeys<TLeft, TRight, TKey> keys,
        JoinInterval<TLeft, TRight> interval,
        ProcessJoinFunction<TLeft, TRight, TOut> function);

    void TemporalJoin<TKey, TFunction>(
        CoKeys<TLeft, TRight, TKey> keys, TemporalJoinSides<TLeft> sides, TFunction function)
        where TFunction : IJoinFunction<TLeft, TRight, TOut>;
}
