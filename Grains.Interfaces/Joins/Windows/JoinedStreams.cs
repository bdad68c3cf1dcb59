using Millrace.DataStream;
using Millrace.Windowing;

namespace Millrace.Joins.Windows;

/// <summary>Two streams whose records are to join by key and window.</summary>
public sealed class JoinedStreams<TLeft, TRight>
{
    private readonly DataStream<TLeft> _left;
    private readonly DataStream<TRight> _right;

    internal JoinedStreams(DataStream<TLeft> left, DataStream<TRight> right)
    {
        _left = left;
        _right = right;
    }

    /// <summary>Says what the key of a record of the first stream is.</summary>
    public JoinedWhere<TLeft, TRight, TKey> Where<TKey>(Func<TLeft, TKey> keySelector)
    {
        ArgumentNullException.ThrowIfNull(keySelector);
        return new JoinedWhere<TLeft, TRight, TKey>(_left, _right, keySelector);
    }
}

/// <summary>Two streams, with the key of the first one.</summary>
public sealed class JoinedWhere<TLeft, TRight, TKey>
{
    private readonly DataStream<TLeft> _left;
    private readonly DataStream<TRight> _right;
    private readonly Func<TLeft, TKey> _leftKey;

    internal JoinedWhere(DataStream<TLeft> left, DataStream<TRight> right, Func<TLeft, TKey> leftKey)
    {
        _left = left;
        _right = right;
        _leftKey = leftKey;
    }

    /// <summary>Says what the key of a record of the second stream is.</summary>
    public JoinedByKey<TLeft, TRight, TKey> EqualTo(Func<TRight, TKey> keySelector)
    {
        ArgumentNullException.ThrowIfNull(keySelector);
        return new JoinedByKey<TLeft, TRight, TKey>(
            new CoGroupedByKey<TLeft, TRight, TKey>(_left, _right, _leftKey, keySelector, "WindowJoin"));
    }
}

/// <summary>Two streams with keys of one type.</summary>
public sealed class JoinedByKey<TLeft, TRight, TKey>
{
    private readonly CoGroupedByKey<TLeft, TRight, TKey> _streams;

    internal JoinedByKey(CoGroupedByKey<TLeft, TRight, TKey> streams) => _streams = streams;

    /// <inheritdoc cref="CoGroupedByKey{TLeft, TRight, TKey}.Window"/>
    public WindowJoin<TLeft, TRight, TKey, TWindow> Window<TWindow>(WindowAssigner<TWindow> assigner)
        where TWindow : struct, IWindow => new(_streams.Window(assigner));
}
