namespace Millrace.Examples.Nexmark.Generator;

/// <summary>An item that is up for bids.</summary>
/// <param name="Id">From 1,000, without gaps.</param>
/// <param name="ItemName">Up to 20 characters.</param>
/// <param name="Description">Up to 100 characters.</param>
/// <param name="InitialBid">In cents.</param>
/// <param name="Reserve">The least price the seller takes, in cents.</param>
/// <param name="Time">When it opens: event time, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="Expires">When it closes; bids at this very millisecond still count.</param>
/// <param name="Seller">Id of a person, who may appear up to ten persons later.</param>
/// <param name="Category">10 to 14.</param>
/// <param name="Extra">Filling, so that an auction has about 500 bytes.</param>
public sealed record Auction(
    long Id,
    string ItemName,
    string Description,
    long InitialBid,
    long Reserve,
    long Time,
    long Expires,
    long Seller,
    long Category,
    string Extra);
