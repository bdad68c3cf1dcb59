using Millrace.Examples.Nexmark.Generator;

namespace Millrace.Examples.Nexmark.Oracle;

/// <summary>Queries about the bid that wins an auction.</summary>
internal static class WinningBidQueries
{
    private const int LastPrices = 10;

    // Auctions without a bid in time do not count.
    public static IEnumerable<string> Q4(EventLog log) =>
        from winner in Winners(log)
        group winner.Bid.Price by winner.Auction.Category into prices
        let sum = prices.Sum()
        let count = prices.Count()
        select Row.Of(prices.Key, count, sum, sum / count);

    // The auctions of a seller in the order in which they close, by id where two close at the same time.
    public static IEnumerable<string> Q6(EventLog log) =>
        from winner in Winners(log)
        group winner by winner.Auction.Seller into ofSeller
        let last = ofSeller
            .OrderBy(winner => winner.Auction.Expires)
            .ThenBy(winner => winner.Auction.Id)
            .TakeLast(LastPrices)
            .Select(winner => winner.Bid.Price)
            .ToArray()
        select Row.Of(ofSeller.Key, last.Sum() / last.Length);

    public static IEnumerable<string> Q9(EventLog log) =>
        from winner in Winners(log)
        let auction = winner.Auction
        let bid = winner.Bid
        select Row.Of(auction.Id, auction.Seller, auction.Category, bid.Bidder, bid.Price, bid.Time);

    /// <summary>For each auction with a bid in time, both ends of its run included: the highest bid, the earliest of
    /// several, and of several at the same time the one with the lowest event number.</summary>
    /// <remarks>A bid may come before its auction is opened; it does not count then. The reserve plays no
    /// part.</remarks>
    private static IEnumerable<(Auction Auction, Bid Bid)> Winners(EventLog log)
    {
        ILookup<long, Bid> bids = log.Bids.ToLookup(bid => bid.Auction);
        return
            from auction in log.Auctions
            let inTime = bids[auction.Id].Where(bid => bid.Time >= auction.Time && bid.Time <= auction.Expires)
            where inTime.Any()
            // The sort is stable, and the log is in the order of the event numbers.
            select (auction, inTime.OrderByDescending(bid => bid.Price).ThenBy(bid => bid.Time).First());
    }
}
