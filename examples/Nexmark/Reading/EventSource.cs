using Millrace.Connectors;
using Millrace.Examples.Nexmark.Generator;

namespace Millrace.Examples.Nexmark.Reading;

/// <summary>The events of the benchmark as a source, with their event times. With several subtasks each makes its lane
/// of the same numbering, so that together they give the same events as one.</summary>
/// <typeparam name="TRandom">Where chance comes from.</typeparam>
/// <param name="numbering">Kinds, times and order.</param>
/// <param name="texts">Texts that are made.</param>
/// <param name="events">Number of events, or null to go on until the job is canceled. With events out of order a
/// multiple of the group, so that the set of events stays the same.</param>
/// <param name="isPaced">Whether events come at the rate of their event time, and not as fast as they are
/// taken.</param>
public sealed class EventSource<TRandom>(EventNumbering numbering, EventTexts texts, long? events, bool isPaced = false)
    : Source<Event, EventLane>
    where TRandom : struct, IEventRandom<TRandom>
{
    /// <inheritdoc/>
    public override Boundedness Boundedness => events is null ? Boundedness.Continuous : Boundedness.Bounded;

    /// <inheritdoc/>
    public override string Name => "Nexmark";

    /// <inheritdoc/>
    public override ISplitEnumerator<EventLane> CreateEnumerator(SplitEnumeratorContext context) =>
        LaneEnumerator.Of(events ?? long.MaxValue, context.Parallelism);

    /// <inheritdoc/>
    public override ISplitEnumerator<EventLane> RestoreEnumerator(SplitEnumeratorContext context, byte[] snapshot) =>
        LaneEnumerator.From(snapshot, context.Parallelism);

    /// <inheritdoc/>
    public override ISourceReader<Event, EventLane> CreateReader(SourceReaderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Pace? pace = isPaced ? new Pace((double)numbering.Rate / context.Parallelism, context.Time) : null;
        return new EventReader<TRandom>(new EventGenerator<TRandom>(numbering, texts), pace, context);
    }
}
