using System.Globalization;
using Millrace.Examples.Nexmark.Generator;

namespace Millrace.Examples.Nexmark.Oracle;

/// <summary>What ties the models to each other, at another rate and number of events than the golden results: here
/// events reach over many windows, and sessions end.</summary>
[TestClass]
public sealed class QueryModelsTests
{
    private static readonly EventLog Log = EventLog.Of(30_000, new EventNumbering(rate: 100));

    public static IEnumerable<object[]> Queries => QueryModels.Names.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Queries))]
    public void Every_query_gives_rows_of_one_length(string query)
    {
        IReadOnlyList<string> rows = QueryModels.Rows(query, Log);

        Assert.IsNotEmpty(rows);
        Assert.HasCount(1, rows.Select(row => row.Split('|').Length).Distinct());
    }

    [TestMethod]
    public void Categories_count_as_many_auctions_as_there_are_winning_bids() =>
        Assert.AreEqual(QueryModels.Rows("q9", Log).Count, Sum("q4", 1));

    [TestMethod]
    [DataRow("q11", 1)]
    [DataRow("q12", 1)]
    [DataRow("q15", 1)]
    [DataRow("q16", 3)]
    [DataRow("q17", 1)]
    public void Every_bid_is_counted_once(string query, int field) =>
        Assert.AreEqual(Log.Bids.Count, Sum(query, field));

    [TestMethod]
    [DataRow("q15", 1)]
    [DataRow("q16", 3)]
    [DataRow("q17", 1)]
    public void Bands_add_up_to_the_total(string query, int field) =>
        Assert.AreEqual(Sum(query, field), Sum(query, field + 1) + Sum(query, field + 2) + Sum(query, field + 3));

    // 100 events a second are 300 s: with an aligned base time, 30 windows, and 4 begun before the first event.
    [TestMethod]
    public void Sliding_windows_begin_every_two_seconds() =>
        Assert.HasCount(154, QueryModels.Rows("q5", Log).Select(row => row.Split('|')[2]).Distinct());

    [TestMethod]
    public void Every_tumbling_window_has_a_highest_bid() => Assert.HasCount(
        30, QueryModels.Rows("q7", Log).Select(row => Number(row, 3) / 10_000).Distinct());

    [TestMethod]
    public void Some_sessions_end_before_the_events_do() => Assert.IsGreaterThan(
        QueryModels.Rows("q12", Log).Count, QueryModels.Rows("q11", Log).Count);

    [TestMethod]
    public void Sessions_that_touch_are_one()
    {
        EventLog log = WithBids((7, 0), (7, 10_000), (7, 20_001), (8, 5));

        CollectionAssert.AreEquivalent(
            new[] { "7|2|0|20000", "7|1|20001|30001", "8|1|5|10005" }, QueryModels.Rows("q11", log).ToArray());
    }

    [TestMethod]
    public void A_bid_at_the_end_of_a_window_with_its_highest_price_is_found_from_both_sides()
    {
        EventLog log = WithBids((7, 0), (8, 10_000));

        CollectionAssert.AreEquivalent(
            new[] { "1|100|7|0", "1|100|8|10000", "1|100|8|10000" }, QueryModels.Rows("q7", log).ToArray());
    }

    [TestMethod]
    public void Windows_of_processing_time_add_up_to_the_bids_of_each_bidder()
    {
        IEnumerable<string> windows = WindowQueries.Q12(Log, index => index * 3L);

        string[] sums =
        [
            .. windows.GroupBy(row => row.Split('|')[0], row => Number(row, 1))
                .Select(bids => $"{bids.Key}|{bids.Sum()}"),
        ];
        CollectionAssert.AreEquivalent(QueryModels.Rows("q12", Log).ToArray(), sums);
    }

    [TestMethod]
    public void The_full_rows_of_q14_begin_with_the_golden_ones()
    {
        string[] shortened =
        [
            .. BidQueries.Q14Full(Log).Select(row => string.Join('|', row.Split('|').Take(4))),
        ];

        CollectionAssert.AreEqual(QueryModels.Rows("q14", Log).ToArray(), shortened);
    }

    private static long Sum(string query, int field) => QueryModels.Rows(query, Log).Sum(row => Number(row, field));

    private static long Number(string row, int field) =>
        long.Parse(row.Split('|')[field], CultureInfo.InvariantCulture);

    private static EventLog WithBids(params (long Bidder, long Time)[] bids) => new(
        [], [], [.. bids.Select(bid => new Bid(1, bid.Bidder, 100, "", "", bid.Time, "", 0))]);
}
