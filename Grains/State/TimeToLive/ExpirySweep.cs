namespace Millrace.State.TimeToLive;

/// <summary>Removes what has expired, some of it with each use of the state.</summary>
/// <remarks>A use adds one value at most: looking at more of them than that, the sweep comes round before those that
/// have expired are more than a part of all.</remarks>
internal sealed class ExpirySweep<T>
{
    private const int LooksPerUse = 4;

    private readonly ISweptEntries<Expiring<T>>? _entries;
    private readonly ISweptRows? _rows;
    private readonly Expiry _expiry;
    private readonly Func<Expiring<T>, bool> _isOver;
    private long _now;

    /// <param name="kept">What the state stands on; where it cannot be gone through, what has expired goes when it is
    /// come across.</param>
    /// <param name="expiry">When values are over.</param>
    public ExpirySweep(object kept, Expiry expiry)
    {
        _entries = kept as ISweptEntries<Expiring<T>>;
        _rows = kept as ISweptRows;
        _expiry = expiry;
        _isOver = value => expiry.IsOver(value.Used, _now);
    }

    /// <summary>The state was used.</summary>
    /// <param name="now">Milliseconds since 1970-01-01 UTC.</param>
    public void Used(long now)
    {
        _now = now;
        _entries?.Sweep(LooksPerUse, _isOver);
        _rows?.Sweep(LooksPerUse, _expiry, now);
    }
}
