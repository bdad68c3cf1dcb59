using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;

namespace Millrace.Examples.Nexmark.Winners;

/// <summary>The bid that wins an auction, once that is closed.</summary>
/// <param name="Auction">Id of the auction.</param>
/// <param name="Opening">What is known of the auction.</param>
/// <param name="Offer">The bid: the highest from the opening to the expiry, both included; of equal prices the
/// earliest, and of those the one with the lowest number.</param>
public readonly record struct Winner(long Auction, Opening Opening, Offer Offer);

/// <summary>Makes winners out of events.</summary>
internal static class WinnerStreams
{
    /// <summary>The winner of each auction that had a bid in time, emitted when event time has passed its
    /// expiry.</summary>
    public static DataStream<Winner> WinningBids(this DataStream<Event> events) => events
        .AuctionsAndBids()
        .KeyBy(one => one.Auction)
        .Process(new WinnerOfAuction()).WithUid("winners");
}
