using Millrace.DataStream;
using Millrace.Failures;

namespace Millrace.Joins;

/// <summary>Two keyed streams whose records join by key and by the distance of their times.</summary>
public sealed class IntervalJoin<TLeft, TRight, TKey>
{
    private readonly KeyedStream<TLeft, TKey> _left;
    private readonly KeyedStream<TRight, TKey> _right;

    internal IntervalJoin(KeyedStream<TLeft, TKey> left, KeyedStream<TRight, TKey> right)
    {
        _left = left;
        _right = right;
    }

    /// <summary>A left record of time t joins the right ones from t + <paramref name="lower"/> to t + <paramref
    /// name="upper"/>, both included unless said otherwise. Parts of a millisecond do not count.</summary>
    /// <exception cref="InvalidProgramGraphException">The lower bound is above the upper one.</exception>
    public IntervalJoined<TLeft, TRight, TKey> Between(TimeSpan lower, TimeSpan upper) =>
        new(_left, _right, new JoinInterval<TLeft, TRight>(Milliseconds(lower), Milliseconds(upper)));

    private static long Milliseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMillisecond;
}
