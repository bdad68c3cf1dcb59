using Millrace.Examples.Nexmark.Generator;

namespace Millrace.Examples.Nexmark.Oracle;

/// <summary>Queries that count the bids of a day, all of them and in three bands of their price.</summary>
internal static class DayQueries
{
    private static readonly Func<Bid, bool>[] Bands =
    [
        bid => bid.Price < 10_000,
        bid => bid.Price is >= 10_000 and < 1_000_000,
        bid => bid.Price >= 1_000_000,
    ];

    public static IEnumerable<string> Q15(EventLog log) =>
        from bids in log.Bids.GroupBy(bid => Row.Day(bid.Time))
        select Row.Of(bids.Key, Counts([.. bids]));

    public static IEnumerable<string> Q16(EventLog log) =>
        from bids in log.Bids.GroupBy(bid => (bid.Channel, Day: Row.Day(bid.Time)))
        select Row.Of(bids.Key.Channel, bids.Key.Day, Row.Minute(bids.Max(bid => bid.Time)), Counts([.. bids]));

    // The average follows from sum and number, so it is no field of the row; neither is the day.
    public static IEnumerable<string> Q17(EventLog log) =>
        from bids in log.Bids.GroupBy(bid => (bid.Auction, Day: Row.Day(bid.Time)))
        let prices = bids.Select(bid => bid.Price).ToArray()
        select Row.Of(
            bids.Key.Auction, Numbers(bids, ofBand => ofBand.Count()), prices.Min(), prices.Max(), prices.Sum());

    /// <summary>Bids, distinct bidders, distinct auctions: of each the total and the bands.</summary>
    private static string Counts(IReadOnlyList<Bid> bids) => Row.Of(
        Numbers(bids, ofBand => ofBand.Count()),
        Numbers(bids, ofBand => ofBand.Select(bid => bid.Bidder).Distinct().Count()),
        Numbers(bids, ofBand => ofBand.Select(bid => bid.Auction).Distinct().Count()));

    private static string Numbers(IEnumerable<Bid> bids, Func<IEnumerable<Bid>, int> number) =>
        Row.Of([number(bids), .. Bands.Select(band => (object)number(bids.Where(band)))]);
}
