using Millrace.DataStream;
using Millrace.Failures;
using Millrace.Graph.Connecting;

namespace Millrace.Joins;

/// <summary>Two keyed streams with the interval in which their records join. Event time only; the join is inner.
/// </summary>
/// <remarks>A record is kept as long as one that may still come can join it. A result has the later time of its
/// pair.</remarks>
public sealed class IntervalJoined<TLeft, TRight, TKey>
{
    private readonly KeyedStream<TLeft, TKey> _left;
    private readonly KeyedStream<TRight, TKey> _right;
    private readonly JoinInterval<TLeft, TRight> _interval;

    internal IntervalJoined(
        KeyedStream<TLeft, TKey> left, KeyedStream<TRight, TKey> right, JoinInterval<TLeft, TRight> interval)
    {
        if (interval.Lower > interval.Upper)
        {
            throw new InvalidProgramGraphException(
                $"An interval join from {interval.Lower} ms to {interval.Upper} ms, excluded bounds left out, joins " +
                "nothing: the lower bound must not be above the upper one.");
        }

        _left = left;
        _right = right;
        _interval = interval;
    }

    /// <summary>Leaves the lower bound itself out.</summary>
    /// <exception cref="InvalidProgramGraphException">Nothing is left between the bounds.</exception>
    public IntervalJoined<TLeft, TRight, TKey> LowerBoundExclusive() =>
        new(_left, _right, _interval with { Lower = _interval.Lower + 1 });

    /// <summary>Leaves the upper bound itself out.</summary>
    /// <exception cref="InvalidProgramGraphException">Nothing is left between the bounds.</exception>
    public IntervalJoined<TLeft, TRight, TKey> UpperBoundExclusive() =>
        new(_left, _right, _interval with { Upper = _interval.Upper - 1 });

    /// <summary>Left records that come behind the watermark go to a side output instead of nowhere.</summary>
    public IntervalJoined<TLeft, TRight, TKey> SideOutputLeftLateData(OutputTag<TLeft> tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return new(_left, _right, _interval with { LeftLate = tag });
    }

    /// <summary>Right records that come behind the watermark go to a side output instead of nowhere.</summary>
    public IntervalJoined<TLeft, TRight, TKey> SideOutputRightLateData(OutputTag<TRight> tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return new(_left, _right, _interval with { RightLate = tag });
    }

    /// <summary>One result for each pair.</summary>
    public DataStream<TOut> Apply<TOut>(Func<TLeft, TRight, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Apply<DelegateJoin<TLeft, TRight, TOut>, TOut>(new DelegateJoin<TLeft, TRight, TOut>(function));
    }

    /// <summary>One result for each pair, by a function object.</summary>
    public DataStream<TOut> Apply<TOut>(IJoinFunction<TLeft, TRight, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Apply<IJoinFunction<TLeft, TRight, TOut>, TOut>(function);
    }

    /// <summary>One result for each pair, by a struct that is inlined into the loop.</summary>
    public DataStream<TOut> Apply<TFunction, TOut>(TFunction function)
        where TFunction : IJoinFunction<TLeft, TRight, TOut>
    {
        ArgumentNullException.ThrowIfNull(function);
        return Add<TOut>((keys, factory) => factory.IntervalJoin(keys, _interval, function));
    }

    /// <summary>Any number of results for each pair.</summary>
    public DataStream<TOut> Apply<TOut>(IFlatJoinFunction<TLeft, TRight, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Add<TOut>((keys, factory) => factory.IntervalFlatJoin(keys, _interval, function));
    }

    /// <summary>Any number of results for each pair, with their times and side outputs.</summary>
    public DataStream<TOut> Process<TOut>(ProcessJoinFunction<TLeft, TRight, TOut> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Add<TOut>((keys, factory) => factory.IntervalProcessJoin(keys, _interval, function));
    }

    private DataStream<TOut> Add<TOut>(
        Action<CoKeys<TLeft, TRight, TKey>, ITwoInputFactory<TLeft, TRight, TOut>> build)
    {
        var keys = new CoKeys<TLeft, TRight, TKey>(_left.KeySelector, _right.KeySelector);
        return _left.Environment.Add(new TwoInputTransformation<TLeft, TRight, TOut>(
            "IntervalJoin", _left.Transformation, _right.Transformation, factory => build(keys, factory))
        {
            MayHaveSideOutputs = true,
            Asides = [_interval.LeftLate?.Typed, _interval.RightLate?.Typed],
            NeedsTimestamps = true,
            State = $"records of both inputs by {typeof(TKey)} from {_interval.Lower} to {_interval.Upper} ms",
            StateTypes = [typeof(TKey), typeof(TLeft), typeof(TRight)],
        });
    }
}
