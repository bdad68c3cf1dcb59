using System.Globalization;
using System.Text.RegularExpressions;
using Millrace.Examples.Nexmark.Generator;

namespace Millrace.Examples.Nexmark.Oracle;

/// <summary>Queries that look at one bid at a time.</summary>
internal static partial class BidQueries
{
    /// <summary>Auctions in the side input of q13.</summary>
    private const long SideInputRows = 10_000;

    public static IEnumerable<string> Q0(EventLog log) =>
        log.Bids.Select(bid => Row.Of(bid.Auction, bid.Bidder, bid.Price, bid.Time));

    // DECIMAL(23,3) of 0.908 times the price, as a whole number of thousandths.
    public static IEnumerable<string> Q1(EventLog log) =>
        log.Bids.Select(bid => Row.Of(bid.Auction, bid.Bidder, 908 * bid.Price, bid.Time));

    public static IEnumerable<string> Q2(EventLog log) =>
        log.Bids.Where(bid => bid.Auction % 123 == 0).Select(bid => Row.Of(bid.Auction, bid.Price));

    public static IEnumerable<string> Q10(EventLog log) =>
        log.Bids.Select(bid =>
            Row.Of(Row.Day(bid.Time), Row.Minute(bid.Time), bid.Auction, bid.Bidder, bid.Price, bid.Time));

    // The side input has the rows i,i for i from 0 to 9,999.
    public static IEnumerable<string> Q13(EventLog log) =>
        log.Bids.Select(bid =>
            Row.Of(bid.Auction, bid.Bidder, bid.Price, bid.Time, bid.Auction % SideInputRows));

    public static IEnumerable<string> Q14(EventLog log) =>
        InBandOfQ14(log).Select(bid => Row.Of(bid.Auction, bid.Bidder, 908 * bid.Price, bid.Time));

    /// <summary>The rows of q14 with the two columns that are no part of the golden result.</summary>
    public static IEnumerable<string> Q14Full(EventLog log) =>
        InBandOfQ14(log).Select(bid => Row.Of(
            bid.Auction, bid.Bidder, 908 * bid.Price, bid.Time, TimeOfDay(bid.Time), bid.Extra.Count(c => c == 'c')));

    public static IEnumerable<string> Q21(EventLog log) =>
        from bid in log.Bids
        let channelId = ChannelIdOf(bid)
        where channelId is not null
        select Row.Of(bid.Auction, bid.Bidder, bid.Price, bid.Channel, channelId);

    public static IEnumerable<string> Q22(EventLog log) =>
        from bid in log.Bids
        let parts = bid.Url.Split('/')
        select Row.Of(bid.Auction, bid.Bidder, bid.Price, bid.Channel, parts[3], parts[4], parts[5]);

    private static IEnumerable<Bid> InBandOfQ14(EventLog log) =>
        log.Bids.Where(bid => 0.908m * bid.Price is > 1_000_000m and < 50_000_000m);

    private static string TimeOfDay(long time) => Row.Hour(time) switch
    {
        >= 8 and <= 18 => "dayTime",
        <= 6 or >= 20 => "nightTime",
        _ => "otherTime",
    };

    private static string? ChannelIdOf(Bid bid) => bid.Channel.ToLower(CultureInfo.InvariantCulture) switch
    {
        "apple" => "0",
        "google" => "1",
        "facebook" => "2",
        "baidu" => "3",
        _ => ChannelId().Match(bid.Url) is { Success: true } match ? match.Groups[1].Value : null,
    };

    [GeneratedRegex("[&?]channel_id=([^&]*)")]
    private static partial Regex ChannelId();
}
