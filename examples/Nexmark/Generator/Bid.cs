namespace Millrace.Examples.Nexmark.Generator;

/// <summary>An offer for an item. A struct, because 92 of 100 events are bids: one costs no object beside its
/// texts.</summary>
/// <param name="Auction">Id of an auction, which may appear up to ten auctions later.</param>
/// <param name="Bidder">Id of a person, who may appear up to ten persons later.</param>
/// <param name="Price">In cents, 100 to 100,000,000.</param>
/// <param name="Channel">Where the bidder came from: one of four large ones or of 10,000 small ones.</param>
/// <param name="Url">The page the bid was made on.</param>
/// <param name="Time">Event time, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="Extra">Filling, so that a bid has about 100 bytes.</param>
/// <param name="Number">Of its event, from 0.</param>
public readonly record struct Bid(
    long Auction,
    long Bidder,
    long Price,
    string Channel,
    string Url,
    long Time,
    string Extra,
    long Number);
