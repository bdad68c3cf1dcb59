using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;
using Millrace.Windowing.Assigners;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Persons who open an auction in the window of 10 s in which they appear.</summary>
public sealed class Q8 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .PersonsAndAuctions()
        .Map<ToDeeds, Deeds>(default)
        .KeyBy(deeds => deeds.Person)
        .Window(TumblingEventTimeWindows.Of(TimeSpan.FromSeconds(10)))
        .Reduce(
            (some, others) => some.And(others),
            (person, window, deeds) => new DeedsOfWindow(deeds, window.Start)).WithUid("join")
        .Filter(one => one.Deeds is { Name: not null, Sells: true })
        .Map(one => new Row(one.Deeds.Person, one.Deeds.Name!, one.WindowStart))
        .WriteTo(output);

    /// <summary>What somebody does: appear, sell, or both.</summary>
    /// <param name="Person">Who.</param>
    /// <param name="Name">When appearing, under which name.</param>
    /// <param name="Sells">Whether an auction is opened.</param>
    public readonly record struct Deeds(long Person, string? Name, bool Sells)
    {
        /// <summary>All that is done in both.</summary>
        public Deeds And(in Deeds others) => new(Person, Name ?? others.Name, Sells || others.Sells);
    }

    /// <summary>All that somebody does in a window.</summary>
    /// <param name="Deeds">What.</param>
    /// <param name="WindowStart">In milliseconds of event time.</param>
    public readonly record struct DeedsOfWindow(Deeds Deeds, long WindowStart);

    /// <summary>A new seller.</summary>
    /// <param name="Id">Of the person.</param>
    /// <param name="Name">Of the person.</param>
    /// <param name="WindowStart">In milliseconds of event time.</param>
    public readonly record struct Row(long Id, string Name, long WindowStart) : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Id);
            text.Add(Name);
            text.Add(WindowStart);
        }
    }

    private readonly struct ToDeeds : IMapFunction<Event, Deeds>
    {
        public Deeds Map(Event value) => value.Person is { } person
            ? new Deeds(person.Id, person.Name, false)
            : new Deeds(value.Auction!.Seller, null, true);
    }
}
