namespace Millrace.Examples.Nexmark.Oracle;

/// <summary>Queries that join persons, auctions and bids, over all of them or within a window.</summary>
internal static class JoinQueries
{
    private const long Window = 10_000;

    public static IEnumerable<string> Q3(EventLog log) =>
        from auction in log.Auctions
        where auction.Category == 10
        join person in log.Persons on auction.Seller equals person.Id
        where person.State is "OR" or "ID" or "CA"
        select Row.Of(person.Name, person.City, person.State, auction.Id);

    // A seller counts once for each window, however many auctions it opens there.
    public static IEnumerable<string> Q8(EventLog log)
    {
        var sellers = log.Auctions
            .Select(auction => (auction.Seller, WindowStart: StartOf(auction.Time)))
            .ToHashSet();
        return
            from person in log.Persons
            let windowStart = StartOf(person.Time)
            where sellers.Contains((person.Id, windowStart))
            select Row.Of(person.Id, person.Name, windowStart);
    }

    // Without any condition on time.
    public static IEnumerable<string> Q20(EventLog log) =>
        from bid in log.Bids
        join auction in log.Auctions on bid.Auction equals auction.Id
        where auction.Category == 10
        select Row.Of(bid.Auction, bid.Bidder, bid.Price, bid.Time, auction.Seller, auction.Expires);

    public static IEnumerable<string> Q23(EventLog log) =>
        from bid in log.Bids
        join person in log.Persons on bid.Bidder equals person.Id
        join auction in log.Auctions on bid.Bidder equals auction.Seller
        select Row.Of(bid.Auction, bid.Bidder, bid.Price, bid.Time, person.Name, auction.Id);

    private static long StartOf(long time) => time - (time % Window);
}
