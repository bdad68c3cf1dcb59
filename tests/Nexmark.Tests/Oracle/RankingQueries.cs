namespace Millrace.Examples.Nexmark.Oracle;

/// <summary>Queries that keep the first few of many.</summary>
internal static class RankingQueries
{
    private const int Top = 10;

    // Of bids at the same time the one with the larger price; what still is equal gives the same row.
    public static IEnumerable<string> Q18(EventLog log) =>
        from bids in log.Bids.GroupBy(bid => (bid.Bidder, bid.Auction))
        let last = bids.MaxBy(bid => (bid.Time, bid.Price))
        select Row.Of(last.Auction, last.Bidder, last.Price, last.Time);

    // Equal prices have different ranks; which of them has which makes no difference to the rows.
    public static IEnumerable<string> Q19(EventLog log) =>
        from bids in log.Bids.GroupBy(bid => bid.Auction)
        from ranked in bids.OrderByDescending(bid => bid.Price).Take(Top).Index()
        select Row.Of(bids.Key, ranked.Item.Price, ranked.Index + 1);
}
