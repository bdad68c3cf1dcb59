using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Oracle;
using Millrace.Examples.Nexmark.Output;
using Millrace.Jobs;
using Millrace.Programs;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Which of the best bids wins, in whatever order they come: no event of the golden set needs that
/// rule.</summary>
[TestClass]
public sealed class WinningBidTests
{
    private const long Opened = 1_000;
    private const long Expires = 2_000;

    // Of bidder 1 too late by a millisecond, of 2 too early, of 3 too low; 4 and 5 come later than 6 and 7, and 6 has
    // the lower number.
    private static readonly Bid[] Offers =
    [
        Offer(bidder: 6, price: 500, time: 1_500, number: 3),
        Offer(bidder: 7, price: 500, time: 1_500, number: 4),
        Offer(bidder: 4, price: 500, time: 1_501, number: 5),
        Offer(bidder: 3, price: 499, time: 1_400, number: 2),
        Offer(bidder: 2, price: 600, time: Opened - 1, number: 0),
        Offer(bidder: 1, price: 600, time: Expires + 1, number: 6),
    ];

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public async Task Of_equal_prices_the_earliest_and_then_the_lowest_number_wins(int parallelism)
    {
        Event[] events = [.. Orders().SelectMany((order, auction) => Of(order, auction))];

        JobResult result = await StreamJob.ExecuteAsync<Auctioning>(
            ["--parallelism", $"{parallelism}"]);

        RowHash all = RowHash.Of(events.Where(one => one.Auction is not null)
            .Select(one => Row.Of(one.Auction!.Id, 8, 10, 6, 500, 1_500)));
        Assert.AreEqual($"q9 {all}", ResultLine.Of("q9", result));
    }

    /// <summary>All orders of the auction, which stands for null, and its bids.</summary>
    private static IEnumerable<Bid?[]> Orders()
    {
        IEnumerable<Bid?[]> orders = [[]];
        foreach (Bid? one in Offers.Select(offer => (Bid?)offer).Prepend(null))
        {
            orders = orders.SelectMany(order => Enumerable.Range(0, order.Length + 1).Select(
                place => (Bid?[])[.. order[..place], one, .. order[place..]]));
        }

        return orders;
    }

    private static IEnumerable<Event> Of(Bid?[] order, int auction) => order.Select(one => one is { } bid
        ? Event.Of(bid with { Auction = auction })
        : Event.Of(new Auction(auction, "", "", 0, 0, Opened, Expires, 8, 10, "")));

    private static Bid Offer(long bidder, long price, long time, long number) =>
        new(0, bidder, price, "", "", time, "", number);

    /// <summary>q9 over auctions of which each has its bids in another order.</summary>
    internal sealed class Auctioning : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args)
        {
            WatermarkStrategy<Event> strategy = WatermarkStrategy
                .ForBoundedOutOfOrderness<Event>(TimeSpan.FromSeconds(2))
                .WithTimestampAssigner(one => one.Time);
            new Q9().Define(
                env.SetParallelism(args.GetInt32("parallelism"))
                    .FromElements([.. Orders().SelectMany((order, auction) => Of(order, auction))])
                    .AssignTimestampsAndWatermarks(strategy),
                new QueryOutput(QueryOutput.Hash, overwrite: false));
        }
    }
}
