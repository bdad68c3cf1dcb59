namespace Millrace.Windowing.Evictors;

/// <summary>An evictor that looks at number and times alone, for records of some type.</summary>
internal sealed class TimedEvictor<T>(Evictor evictor) : Evictor<T>
{
    public override string Description => evictor.Description;

    public override void EvictBefore(WindowElements<T> elements) => evictor.EvictBefore(elements);

    public override void EvictAfter(WindowElements<T> elements) => evictor.EvictAfter(elements);
}
