using Millrace.DataStream;
using Millrace.Windowing;

namespace Millrace.Joins.Windows;

/// <summary>Two streams whose records are to be put together by key and window.</summary>
public sealed class CoGroupedStreams<TLeft, TRight>
{
    private readonly DataStream<TLeft> _left;
    private readonly DataStream<TRight> _right;

    internal CoGroupedStreams(DataStream<TLeft> left, DataStream<TRight> right)
    {
        _left = left;
        _right = right;
    }

    /// <summary>Says what the key of a record of the first stream is.</summary>
    public CoGroupedWhere<TLeft, TRight, TKey> Where<TKey>(Func<TLeft, TKey> keySelector)
    {
        ArgumentNullException.ThrowIfNull(keySelector);
        return new CoGroupedWhere<TLeft, TRight, TKey>(_left, _right, keySelector);
    }
}

/// <summary>Two streams, with the key of the first one.</summary>
public sealed class CoGroupedWhere<TLeft, TRight, TKey>
{
    private readonly DataStream<TLeft> _left;
    private readonly DataStream<TRight> _right;
    private readonly Func<TLeft, TKey> _leftKey;

    internal CoGroupedWhere(DataStream<TLeft> left, DataStream<TRight> right, Func<TLeft, TKey> leftKey)
    {
        _left = left;
        _right = right;
        _leftKey = leftKey;
    }

    /// <summary>Says what the key of a record of the second stream is.</summary>
    public CoGroupedByKey<TLeft, TRight, TKey> EqualTo(Func<TRight, TKey> keySelector)
    {
        ArgumentNullException.ThrowIfNull(keySelector);
        return new CoGroupedByKey<TLeft, TRight, TKey>(_left, _right, _leftKey, keySelector, "WindowCoGroup");
    }
}

/// <summary>Two streams with keys of one type.</summary>
public sealed class CoGroupedByKey<TLeft, TRight, TKey>
{
    private readonly DataStream<TLeft> _left;
    private readonly DataStream<TRight> _right;
    private readonly Func<TLeft, TKey> _leftKey;
    private readonly Func<TRight, TKey> _rightKey;
    private readonly string _name;

    internal CoGroupedByKey(
        DataStream<TLeft> left,
        DataStream<TRight> right,
        Func<TLeft, TKey> leftKey,
        Func<TRight, TKey> rightKey,
        string name)
    {
        _left = left;
        _right = right;
        _leftKey = leftKey;
        _rightKey = rightKey;
        _name = name;
    }

    /// <summary>Puts the records of both streams together by windows that follow from their times.</summary>
    /// <param name="assigner">Says which windows a record belongs to. Sessions are those of both streams
    /// together.</param>
    public WindowCoGroup<TLeft, TRight, TKey, TWindow> Window<TWindow>(WindowAssigner<TWindow> assigner)
        where TWindow : struct, IWindow
    {
        Func<TLeft, TKey> leftKey = _leftKey;
        Func<TRight, TKey> rightKey = _rightKey;
        DataStream<JoinSide<TLeft, TRight>> left = _left
            .Map<LeftSideFunction<TLeft, TRight>, JoinSide<TLeft, TRight>>(default).Name($"Left of {_name}");
        DataStream<JoinSide<TLeft, TRight>> right = _right
            .Map<RightSideFunction<TLeft, TRight>, JoinSide<TLeft, TRight>>(default).Name($"Right of {_name}");
        return new WindowCoGroup<TLeft, TRight, TKey, TWindow>(
            _name,
            left.Union(right).KeyBy(side => side.IsRight ? rightKey(side.Right!) : leftKey(side.Left!))
                .Window(assigner));
    }
}
