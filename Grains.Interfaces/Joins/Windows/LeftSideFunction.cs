using Millrace.Functions;

namespace Millrace.Joins.Windows;

/// <summary>Makes a record one of the first stream.</summary>
internal readonly struct LeftSideFunction<TLeft, TRight> : IMapFunction<TLeft, JoinSide<TLeft, TRight>>
{
    public JoinSide<TLeft, TRight> Map(TLeft value) => new(IsRight: false, value, default);
}

/// <summary>Makes a record one of the second stream.</summary>
internal readonly struct RightSideFunction<TLeft, TRight> : IMapFunction<TRight, JoinSide<TLeft, TRight>>
{
    public JoinSide<TLeft, TRight> Map(TRight value) => new(IsRight: true, default, value);
}
