namespace Millrace.Windowing.Evictors;

/// <summary>Keeps the last records of a window, up to a number.</summary>
public sealed class CountEvictor : Evictor
{
    private readonly int _count;
    private readonly bool _after;

    private CountEvictor(int count, bool after)
    {
        _count = (int)WindowSpans.Count("The number of records that an evictor keeps", count);
        _after = after;
    }

    /// <inheritdoc/>
    public override string Description => $"keeps {_count} records {(_after ? "after" : "before")} the function";

    /// <summary>The evictor.</summary>
    /// <param name="count">Most records to keep, from 1.</param>
    /// <param name="afterFunction">Whether the others go after the function has seen them.</param>
    /// <exception cref="Failures.InvalidProgramGraphException">The number is less.</exception>
    public static CountEvictor Of(int count, bool afterFunction = false) => new(count, afterFunction);

    /// <inheritdoc/>
    public override void EvictBefore(WindowElements elements) => Evict(elements, !_after);

    /// <inheritdoc/>
    public override void EvictAfter(WindowElements elements) => Evict(elements, _after);

    private void Evict(WindowElements elements, bool now)
    {
        ArgumentNullException.ThrowIfNull(elements);
        if (now && elements.Count > _count)
        {
            elements.RemoveFirst(elements.Count - _count);
        }
    }
}
