using Millrace.Examples.Nexmark.Generator;

namespace Millrace.Examples.Nexmark.Oracle;

/// <summary>All events of a run, in the order of their numbers: what the models of the queries look at.</summary>
/// <param name="Persons">The persons.</param>
/// <param name="Auctions">The auctions.</param>
/// <param name="Bids">The bids.</param>
internal sealed record EventLog(
    IReadOnlyList<Person> Persons, IReadOnlyList<Auction> Auctions, IReadOnlyList<Bid> Bids)
{
    /// <summary>The events for which the golden results hold.</summary>
    public static EventLog Golden { get; } = Of(100_000, new EventNumbering());

    /// <summary>The first events of a numbering.</summary>
    public static EventLog Of(int events, EventNumbering numbering)
    {
        var generator = new EventGenerator<JavaRandom>(numbering);
        Event[] all = [.. Enumerable.Range(0, events).Select(position => generator.At(position))];
        return new EventLog(
            [.. all.Where(one => one.Person is not null).Select(one => one.Person!)],
            [.. all.Where(one => one.Auction is not null).Select(one => one.Auction!)],
            [.. all.Where(one => one.IsBid).Select(one => one.Bid)]);
    }
}
