using Millrace.DataStream;
using Millrace.Graph.Connecting;

namespace Millrace.Joins;

/// <summary>A keyed stream, and one of versions: each record joins the version of its key that was valid at its
/// time.</summary>
/// <remarks>
/// Event time only. A version is valid from its time to that of the next one; of two with one time the one that came
/// later counts. A record waits until the watermark has reached its time, so that the version is known; its result has
/// its time. Of versions of the past only the latest is kept, one for each key.
/// </remarks>
public sealed class TemporalJoin<TLeft, TVersion, TKey>
{
    private readonly KeyedStream<TLeft, TKey> _left;
    private readonly KeyedStream<TVersion, TKey> _versions;
    private readonly TemporalJoinSides<TLeft> _sides;

    internal TemporalJoin(
        KeyedStream<TLeft, TKey> left, KeyedStream<TVersion, TKey> versions, TemporalJoinSides<TLeft> sides)
    {
        _left = left;
        _versions = versions;
        _sides = sides;
    }

    /// <summary>Records that no version is valid for go to a side output instead of nowhere.</summary>
    public TemporalJoin<TLeft, TVersion, TKey> SideOutputUnmatched(OutputTag<TLeft> tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return new(_left, _versions, _sides with { Unmatched = tag });
    }

    /// <summary>Records that come behind the watermark go to a side output instead of nowhere.</summary>
    public TemporalJoin<TLeft, TVersion, TKey> SideOutputLateData(OutputTag<TLeft> tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return new(_left, _versions, _sides with { Late = tag });
    }

    /// <summary>One result for each record that a version is valid for.</summary>
    public DataStream<TOut> Apply<TOut>(Func<TLeft, TVersion, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Apply<DelegateJoin<TLeft, TVersion, TOut>, TOut>(new DelegateJoin<TLeft, TVersion, TOut>(function));
    }

    /// <summary>One result for each record that a version is valid for, by a function object.</summary>
    public DataStream<TOut> Apply<TOut>(IJoinFunction<TLeft, TVersion, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Apply<IJoinFunction<TLeft, TVersion, TOut>, TOut>(function);
    }

    /// <summary>One result for each record that a version is valid for, by a struct that is inlined.</summary>
    public DataStream<TOut> Apply<TFunction, TOut>(TFunction function)
        where TFunction : IJoinFunction<TLeft, TVersion, TOut>
    {
        ArgumentNullException.ThrowIfNull(function);
        var keys = new CoKeys<TLeft, TVersion, TKey>(_left.KeySelector, _versions.KeySelector);
        return _left.Environment.Add(new TwoInputTransformation<TLeft, TVersion, TOut>(
            "TemporalJoin",
            _left.Transformation,
            _versions.Transformation,
            factory => factory.TemporalJoin(keys, _sides, function))
        {
            MayHaveSideOutputs = true,
            Asides = [_sides.Unmatched?.Typed, _sides.Late?.Typed],
            NeedsTimestamps = true,
            State = $"records and versions by {typeof(TKey)}",
            StateTypes = [typeof(TKey), typeof(TLeft), typeof(TVersion)],
        });
    }
}
