namespace Millrace.Examples.Nexmark.Generator;

/// <summary>One of three: a person, an auction, or else a bid.</summary>
/// <param name="Person">The person, when it is one.</param>
/// <param name="Auction">The auction, when it is one.</param>
/// <param name="Bid">The bid, when it is one; otherwise nothing, its texts included.</param>
public readonly record struct Event(Person? Person, Auction? Auction, Bid Bid)
{
    /// <summary>Whether it is a bid.</summary>
    public bool IsBid => Person is null && Auction is null;

    /// <summary>Event time, in milliseconds since 1970-01-01 UTC.</summary>
    public long Time => Person?.Time ?? Auction?.Time ?? Bid.Time;

    /// <summary>A person as an event.</summary>
    public static Event Of(Person person) => new(person, null, default);

    /// <summary>An auction as an event.</summary>
    public static Event Of(Auction auction) => new(null, auction, default);

    /// <summary>A bid as an event.</summary>
    public static Event Of(in Bid bid) => new(null, null, bid);
}
