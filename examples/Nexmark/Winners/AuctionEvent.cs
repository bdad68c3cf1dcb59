using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Functions;

namespace Millrace.Examples.Nexmark.Winners;

/// <summary>Something that happens to an auction: it is opened, or else somebody bids for it.</summary>
/// <remarks>Both in one stream, by their auction: so they keep their order, and travel as one record without
/// objects.</remarks>
/// <param name="Auction">Id of the auction.</param>
/// <param name="IsOpening">Which of the two.</param>
/// <param name="Opening">What is known of the auction when it is opened.</param>
/// <param name="Offer">The bid.</param>
public readonly record struct AuctionEvent(long Auction, bool IsOpening, Opening Opening, Offer Offer);

/// <summary>What is known of an auction when it is opened.</summary>
/// <param name="Seller">Who sells.</param>
/// <param name="Category">10 to 14.</param>
/// <param name="Time">From when on bids count, in milliseconds of event time.</param>
/// <param name="Expires">The last time at which they count.</param>
public readonly record struct Opening(long Seller, long Category, long Time, long Expires);

/// <summary>What is known of a bid.</summary>
/// <param name="Bidder">Who bids.</param>
/// <param name="Price">In cents.</param>
/// <param name="Time">Event time, in milliseconds.</param>
/// <param name="Number">Of the event.</param>
public readonly record struct Offer(long Bidder, long Price, long Time, long Number);

/// <summary>Auctions and bids as what happens to auctions.</summary>
internal static class AuctionEvents
{
    /// <summary>What happens to auctions.</summary>
    public static DataStream<AuctionEvent> AuctionsAndBids(this DataStream<Event> events) => events
        .Filter<AllButPersons>(default)
        .Map<ToAuctionEvent, AuctionEvent>(default);

    private readonly struct AllButPersons : IFilterFunction<Event>
    {
        public bool Filter(Event value) => value.Person is null;
    }

    private readonly struct ToAuctionEvent : IMapFunction<Event, AuctionEvent>
    {
        public AuctionEvent Map(Event value)
        {
            Bid bid = value.Bid;
            return value.Auction is { } auction
                ? new AuctionEvent(
                    auction.Id,
                    true,
                    new Opening(auction.Seller, auction.Category, auction.Time, auction.Expires),
                    default)
                : new AuctionEvent(
                    bid.Auction, false, default, new Offer(bid.Bidder, bid.Price, bid.Time, bid.Number));
        }
    }
}
