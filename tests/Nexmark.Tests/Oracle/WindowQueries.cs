using Millrace.Examples.Nexmark.Generator;

namespace Millrace.Examples.Nexmark.Oracle;

/// <summary>Queries over windows of bids.</summary>
internal static class WindowQueries
{
    private const long Window = 10_000;
    private const long Slide = 2_000;
    private const long Gap = 10_000;

    // All auctions that reach the highest count of a window.
    public static IEnumerable<string> Q5(EventLog log) =>
        from bid in log.Bids
        from start in StartsOf(bid.Time)
        group bid by start into window
        let counts = window.CountBy(bid => bid.Auction).ToList()
        let most = counts.Max(one => one.Value)
        from hot in counts
        where hot.Value == most
        select Row.Of(hot.Key, hot.Value, window.Key);

    /// <summary>Both ends of the window count when the bids with its highest price are looked up, as the condition is a
    /// BETWEEN: a bid at the very end of a window, which itself lies in the next one, is found when it has the same
    /// price, and a bid that is found by both windows is there twice.</summary>
    public static IEnumerable<string> Q7(EventLog log)
    {
        ILookup<long, Bid> ofPrice = log.Bids.ToLookup(bid => bid.Price);
        return
            from bid in log.Bids
            group bid by bid.Time - (bid.Time % Window) into window
            from best in ofPrice[window.Max(bid => bid.Price)]
            where best.Time >= window.Key && best.Time <= window.Key + Window
            select Row.Of(best.Auction, best.Price, best.Bidder, best.Time);
    }

    // Sessions that touch, a gap of exactly 10 s between their bids, are one.
    public static IEnumerable<string> Q11(EventLog log) =>
        from bids in log.Bids.GroupBy(bid => bid.Bidder, bid => bid.Time)
        from session in SessionsOf(bids.Order())
        select Row.Of(bids.Key, session.Count, session.First, session.Last + Gap);

    /// <summary>Bids of each bidder over all windows: what does not depend on the time at which bids arrive.</summary>
    public static IEnumerable<string> Q12(EventLog log) =>
        log.Bids.GroupBy(bid => bid.Bidder).Select(bids => Row.Of(bids.Key, bids.Count()));

    /// <summary>Bids of each bidder and window of processing time.</summary>
    /// <param name="log">The events.</param>
    /// <param name="arrivalOf">When the bid at an index of the log arrives, in milliseconds.</param>
    public static IEnumerable<string> Q12(EventLog log, Func<int, long> arrivalOf) =>
        from arrived in log.Bids.Index()
        let time = arrivalOf(arrived.Index)
        group arrived by (arrived.Item.Bidder, Start: time - (time % Window)) into bids
        select Row.Of(bids.Key.Bidder, bids.Count(), bids.Key.Start, bids.Key.Start + Window);

    private static IEnumerable<long> StartsOf(long time)
    {
        for (long start = time - (time % Slide); start > time - Window; start -= Slide)
        {
            yield return start;
        }
    }

    private static List<(long First, long Last, int Count)> SessionsOf(IEnumerable<long> times)
    {
        List<(long First, long Last, int Count)> sessions = [];
        foreach (long time in times)
        {
            if (sessions.Count > 0 && time - sessions[^1].Last <= Gap)
            {
                sessions[^1] = (sessions[^1].First, time, sessions[^1].Count + 1);
            }
            else
            {
                sessions.Add((time, time, 1));
            }
        }

        return sessions;
    }
}
