namespace Millrace.Windowing.Evictors;

/// <summary>Keeps the records of a window that are nearer to the last one than a threshold.</summary>
public sealed class DeltaEvictor<T> : Evictor<T>
{
    private readonly double _threshold;
    private readonly Func<T, T, double> _deltaOf;
    private readonly bool _after;

    /// <summary>The evictor.</summary>
    /// <param name="threshold">The distance from which on a record goes.</param>
    /// <param name="deltaOf">Takes a record and the last one, and returns their distance.</param>
    /// <param name="afterFunction">Whether records go after the function has seen them.</param>
    public DeltaEvictor(double threshold, Func<T, T, double> deltaOf, bool afterFunction = false)
    {
        ArgumentNullException.ThrowIfNull(deltaOf);
        _threshold = threshold;
        _deltaOf = deltaOf;
        _after = afterFunction;
    }

    /// <inheritdoc/>
    public override string Description =>
        $"keeps what is nearer than {_threshold} {(_after ? "after" : "before")} the function";

    /// <inheritdoc/>
    public override void EvictBefore(WindowElements<T> elements) => Evict(elements, !_after);

    /// <inheritdoc/>
    public override void EvictAfter(WindowElements<T> elements) => Evict(elements, _after);

    private void Evict(WindowElements<T> elements, bool now)
    {
        ArgumentNullException.ThrowIfNull(elements);
        if (now && elements.Count > 0)
        {
            T last = elements.ValueAt(elements.Count - 1);
            elements.RemoveWhere(index => _deltaOf(elements.ValueAt(index), last) >= _threshold);
        }
    }
}
