namespace Millrace.Examples.Nexmark.Generator;

[TestClass]
public sealed class EventGeneratorTests
{
    private const int Events = 20_000;

    private readonly EventGenerator<JavaRandom> _seeded = new(new EventNumbering());

    [TestMethod]
    public void The_first_events_are_those_on_record()
    {
        Person person = _seeded.At(0).Person!;
        Assert.AreEqual(
            (1000L, "Peter Jones", "nhd@xcat.com", "7241 7320 9143 4888", "Portland", "WY"),
            (person.Id, person.Name, person.EmailAddress, person.CreditCard, person.City, person.State));
        Assert.AreEqual(EventNumbering.DefaultBaseTime, person.Time);

        Auction first = _seeded.At(1).Auction!;
        Assert.AreEqual(
            (1000L, "wkx mgee", 28_873L, 29_448L, 1000L, 13L, 11L),
            (first.Id, first.ItemName, first.InitialBid, first.Reserve, first.Seller, first.Category,
                first.Expires - first.Time));

        Auction second = _seeded.At(2).Auction!;
        Assert.AreEqual(
            (1001L, 25_626_290L, 28_805_847L, 12L),
            (second.Id, second.InitialBid, second.Reserve, second.Category));

        Auction third = _seeded.At(3).Auction!;
        Assert.AreEqual(
            (1002L, 267L, 422_398L, 10L), (third.Id, third.InitialBid, third.Reserve, third.Category));

        Bid bid = _seeded.At(4).Bid;
        Assert.AreEqual((1000L, 1001L, 32_530_001L), (bid.Auction, bid.Bidder, bid.Price));
        Bid next = _seeded.At(5).Bid;
        Assert.AreEqual((1000L, 1009L, 468_715L), (next.Auction, next.Bidder, next.Price));
    }

    [TestMethod]
    public void Of_50_events_one_is_a_person_and_three_are_auctions()
    {
        Event[] all = All(_seeded, 100_000);

        Assert.AreEqual(2_000, all.Count(one => one.Person is not null));
        Assert.AreEqual(6_000, all.Count(one => one.Auction is not null));
        Assert.AreEqual(92_000, all.Count(one => one.IsBid));
    }

    [TestMethod]
    public void Ids_have_no_gaps()
    {
        Event[] all = All(_seeded, Events);

        CollectionAssert.AreEqual(
            Enumerable.Range(1000, Events / 50).ToArray(),
            all.Where(one => one.Person is not null).Select(one => (int)one.Person!.Id).ToArray());
        CollectionAssert.AreEqual(
            Enumerable.Range(1000, Events / 50 * 3).ToArray(),
            all.Where(one => one.Auction is not null).Select(one => (int)one.Auction!.Id).ToArray());
    }

    [TestMethod]
    [DataRow(1, 1_000_000)]
    [DataRow(100, 10_000)]
    [DataRow(10_000, 100)]
    [DataRow(700_000, 1)]
    [DataRow(2_000_000, 1)]
    public void The_rate_spaces_events_by_whole_microseconds(int rate, long microseconds)
    {
        var numbering = new EventNumbering(rate);

        foreach (long number in (long[])[0, 1, 7, 1_000, 123_457])
        {
            Assert.AreEqual(EventNumbering.DefaultBaseTime + (number * microseconds / 1000), numbering.TimeOf(number));
        }
    }

    [TestMethod]
    [DataRow(100)]
    [DataRow(10_000)]
    [DataRow(1_000_000)]
    public void An_auction_runs_for_at_most_twice_the_time_in_which_100_others_open(int rate)
    {
        var generator = new EventGenerator<JavaRandom>(new EventNumbering(rate));
        long horizon = 1_666L * 1_000 / rate;

        long[] runs = [.. All(generator, Events).Where(one => one.Auction is not null)
            .Select(one => one.Auction!.Expires - one.Auction.Time)];

        Assert.IsGreaterThanOrEqualTo(1, runs.Min());
        Assert.IsLessThanOrEqualTo(2 * (horizon + 1), runs.Max());
        Assert.IsGreaterThan(horizon, runs.Max());
    }

    [TestMethod]
    [DataRow(EventTexts.None)]
    [DataRow(EventTexts.Contacts)]
    [DataRow(EventTexts.Items)]
    [DataRow(EventTexts.Channels)]
    [DataRow(EventTexts.Extras)]
    public void Texts_that_are_not_made_change_nothing_else(EventTexts texts)
    {
        var generator = new EventGenerator<JavaRandom>(new EventNumbering(), texts);

        for (int position = 0; position < Events; position++)
        {
            Assert.AreEqual(Without(_seeded.At(position), ~texts), generator.At(position));
        }
    }

    [TestMethod]
    public void The_fast_generator_keeps_the_kinds_times_and_bounds()
    {
        var fast = new EventGenerator<MixedRandom>(new EventNumbering());
        Event[] events = All(fast, Events);

        CollectionAssert.AreEqual(
            All(_seeded, Events).Select(one => (one.Time, one.Person?.Id, one.Auction?.Id)).ToArray(),
            events.Select(one => (one.Time, one.Person?.Id, one.Auction?.Id)).ToArray());
        Assert.IsTrue(events.Where(one => one.IsBid).All(one => one.Bid.Price is >= 100 and <= 100_000_000));
        Assert.IsGreaterThan(
            Events / 2, events.Where(one => one.IsBid).Select(one => one.Bid.Price).Distinct().Count());
    }

    [TestMethod]
    public void Sizes_are_about_what_is_asked_for()
    {
        Event[] all = All(_seeded, Events);

        Assert.AreEqual(100, all.Where(one => one.IsBid).Average(one => 32 + one.Bid.Extra.Length), 2);
        Assert.AreEqual(
            500,
            all.Where(one => one.Auction is not null).Average(one =>
                48 + one.Auction!.ItemName.Length + one.Auction.Description.Length + one.Auction.Extra.Length),
            10);
    }

    [TestMethod]
    public void Half_of_the_bids_come_by_a_large_channel_and_most_small_ones_say_their_id()
    {
        Bid[] bids = [.. All(_seeded, Events).Where(one => one.IsBid).Select(one => one.Bid)];
        Bid[] small = [.. bids.Where(bid => bid.Channel.StartsWith("channel-", StringComparison.Ordinal))];

        Assert.AreEqual(0.5, (double)small.Length / bids.Length, 0.02);
        Assert.AreEqual(
            0.9, small.Average(bid => bid.Url.Contains("&channel_id=", StringComparison.Ordinal) ? 1.0 : 0.0), 0.02);
        Assert.IsTrue(bids.All(bid => bid.Url.Split('/').Length == 7), "Three parts between host and item.");
        Assert.AreEqual(1, bids.Where(bid => bid.Channel == "Baidu").Select(bid => bid.Url).Distinct().Count());
    }

    private static Event[] All<TRandom>(EventGenerator<TRandom> generator, int events)
        where TRandom : struct, IEventRandom<TRandom> =>
        [.. Enumerable.Range(0, events).Select(position => generator.At(position))];

    private static Event Without(Event made, EventTexts texts)
    {
        string Kept(EventTexts kind, string text) => texts.HasFlag(kind) ? "" : text;

        if (made.Person is { } person)
        {
            return Event.Of(person with
            {
                EmailAddress = Kept(EventTexts.Contacts, person.EmailAddress),
                CreditCard = Kept(EventTexts.Contacts, person.CreditCard),
                Extra = Kept(EventTexts.Extras, person.Extra),
            });
        }

        if (made.Auction is { } auction)
        {
            return Event.Of(auction with
            {
                ItemName = Kept(EventTexts.Items, auction.ItemName),
                Description = Kept(EventTexts.Items, auction.Description),
                Extra = Kept(EventTexts.Extras, auction.Extra),
            });
        }

        return Event.Of(made.Bid with
        {
            Channel = Kept(EventTexts.Channels, made.Bid.Channel),
            Url = Kept(EventTexts.Channels, made.Bid.Url),
            Extra = Kept(EventTexts.Extras, made.Bid.Extra),
        });
    }
}
