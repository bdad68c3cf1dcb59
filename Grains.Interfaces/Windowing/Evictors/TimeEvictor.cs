namespace Millrace.Windowing.Evictors;

/// <summary>Keeps the records of a window that are not older than the latest one by a length of time or more.</summary>
public sealed class TimeEvictor : Evictor
{
    private readonly long _length;
    private readonly bool _after;

    private TimeEvictor(TimeSpan length, bool after)
    {
        _length = WindowSpans.Length("The time that an evictor keeps", length);
        _after = after;
    }

    /// <inheritdoc/>
    public override string Description => $"keeps {_length} ms {(_after ? "after" : "before")} the function";

    /// <summary>The evictor.</summary>
    /// <param name="length">From 1 ms, in whole milliseconds.</param>
    /// <param name="afterFunction">Whether the others go after the function has seen them.</param>
    /// <exception cref="Failures.InvalidProgramGraphException">The length is out of range.</exception>
    public static TimeEvictor Of(TimeSpan length, bool afterFunction = false) => new(length, afterFunction);

    /// <inheritdoc/>
    public override void EvictBefore(WindowElements elements) => Evict(elements, !_after);

    /// <inheritdoc/>
    public override void EvictAfter(WindowElements elements) => Evict(elements, _after);

    private void Evict(WindowElements elements, bool now)
    {
        ArgumentNullException.ThrowIfNull(elements);
        if (!now || elements.Count == 0)
        {
            return;
        }

        long latest = long.MinValue;
        for (int i = 0; i < elements.Count; i++)
        {
            latest = Math.Max(latest, elements.TimestampAt(i));
        }

        elements.RemoveWhere(index => elements.TimestampAt(index) <= latest - _length);
    }
}
