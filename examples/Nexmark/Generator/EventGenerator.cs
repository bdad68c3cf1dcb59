namespace Millrace.Examples.Nexmark.Generator;

/// <summary>Makes the events of the Nexmark benchmark: persons, auctions and bids of a site like eBay.</summary>
/// <remarks>
/// Pure: the event at a position is always the same, and making one depends on no other. So any range can be made by
/// anybody, in any order, from any thread. With <see cref="JavaRandom"/> the fields are those of Apache Beam's
/// generator, byte by byte; <see cref="MixedRandom"/> is faster and has its own. The order of the draws is part of the
/// result: nothing may be drawn earlier, later or not at all. Nothing is allocated but the persons, the auctions and
/// the texts.
/// </remarks>
/// <typeparam name="TRandom">Where chance comes from.</typeparam>
/// <param name="numbering">Kinds, times and order.</param>
/// <param name="texts">Texts that are made.</param>
public sealed class EventGenerator<TRandom>(EventNumbering numbering, EventTexts texts = EventTexts.All)
    where TRandom : struct, IEventRandom<TRandom>
{
    private const int ActivePersons = 1_000;
    private const int InFlightAuctions = 100;

    // Sellers, bidders and auctions may be referred to so many of their kind before they appear.
    private const int Lead = 10;

    // Of so many persons or auctions in a row, one is hot; of so many references, one is not to a hot one.
    private const int HotGroup = 100;
    private const int ColdSellers = 4;
    private const int ColdAuctions = 2;
    private const int ColdBidders = 4;

    private const int FirstCategory = 10;
    private const int Categories = 5;

    private const int AveragePersonBytes = 200;
    private const int AverageAuctionBytes = 500;
    private const int AverageBidBytes = 100;

    /// <summary>Kinds, times and order of the events.</summary>
    public EventNumbering Numbering => numbering;

    /// <summary>The event at a position of the stream.</summary>
    /// <param name="position">From 0.</param>
    public Event At(long position)
    {
        long number = numbering.NumberAt(position);
        if (EventNumbering.IsPerson(number))
        {
            return Event.Of(MakePerson(number));
        }

        return EventNumbering.IsAuction(number) ? Event.Of(MakeAuction(number)) : Event.Of(MakeBid(number));
    }

    private static long Price(ref TRandom random) =>
        (long)Math.Floor((Math.Pow(10.0, random.Fraction() * 6.0) * 100.0) + 0.5);

    private static long AnyPerson(ref TRandom random, long lastPerson)
    {
        long persons = lastPerson + 1;
        int active = (int)Math.Min(persons, ActivePersons);
        return persons - active + random.Below(active + Lead);
    }

    private static long AnyAuction(ref TRandom random, long lastAuction)
    {
        long first = Math.Max(lastAuction - InFlightAuctions, 0);
        return first + random.Below((int)(lastAuction - first) + 1 + Lead);
    }

    private static long HotOf(long last) => last / HotGroup * HotGroup;

    private bool Makes(EventTexts text) => (texts & text) != 0;

    private Person MakePerson(long number)
    {
        var random = TRandom.Of(number);
        int first = random.Below(PersonTexts.FirstNames.Length);
        int last = random.Below(PersonTexts.LastNames.Length);
        string name = PersonTexts.Names[(first * PersonTexts.LastNames.Length) + last];
        Span<char> user = stackalloc char[7];
        ReadOnlySpan<char> userName = RandomText.Draw(ref random, user);
        Span<char> host = stackalloc char[5];
        ReadOnlySpan<char> hostName = RandomText.Draw(ref random, host);
        Span<char> card = stackalloc char[19];
        DrawCard(ref random, card);
        string city = PersonTexts.Cities[random.Below(PersonTexts.Cities.Length)];
        string state = PersonTexts.States[random.Below(PersonTexts.States.Length)];
        int addressLength = userName.Length + 1 + hostName.Length + 4;
        int size = 8 + name.Length + addressLength + card.Length + city.Length + state.Length;
        return new Person(
            EventNumbering.FirstId + EventNumbering.LastPerson(number),
            name,
            Makes(EventTexts.Contacts) ? string.Concat(userName, "@", hostName, ".com") : "",
            Makes(EventTexts.Contacts) ? new string(card) : "",
            city,
            state,
            numbering.TimeOf(number),
            Makes(EventTexts.Extras) ? RandomText.Filling(random, size, AveragePersonBytes) : "");
    }

    private static void DrawCard(ref TRandom random, Span<char> card)
    {
        for (int start = 0; start < card.Length; start += 5)
        {
            int digits = random.Below(10_000);
            for (int i = 3; i >= 0; i--)
            {
                card[start + i] = (char)('0' + (digits % 10));
                digits /= 10;
            }

            if (start + 4 < card.Length)
            {
                card[start + 4] = ' ';
            }
        }
    }

    private Auction MakeAuction(long number)
    {
        var random = TRandom.Of(number);
        long lastPerson = EventNumbering.LastPerson(number);
        long seller = random.Below(ColdSellers) > 0 ? HotOf(lastPerson) : AnyPerson(ref random, lastPerson);
        int category = FirstCategory + random.Below(Categories);
        long initialBid = Price(ref random);
        long time = numbering.TimeOf(number);
        long expires = time + 1 + random.Below((int)Math.Max(numbering.HorizonOf(number) * 2, 1));
        Span<char> nameRoom = stackalloc char[20];
        ReadOnlySpan<char> name = RandomText.Draw(ref random, nameRoom);
        Span<char> descriptionRoom = stackalloc char[100];
        ReadOnlySpan<char> description = RandomText.Draw(ref random, descriptionRoom);
        long reserve = initialBid + Price(ref random);
        int size = (6 * 8) + name.Length + description.Length;
        return new Auction(
            EventNumbering.FirstId + EventNumbering.LastAuction(number),
            Makes(EventTexts.Items) ? new string(name) : "",
            Makes(EventTexts.Items) ? new string(description) : "",
            initialBid,
            reserve,
            time,
            expires,
            EventNumbering.FirstId + seller,
            category,
            Makes(EventTexts.Extras) ? RandomText.Filling(random, size, AverageAuctionBytes) : "");
    }

    private Bid MakeBid(long number)
    {
        var random = TRandom.Of(number);
        long lastAuction = EventNumbering.LastAuction(number);
        long auction = random.Below(ColdAuctions) > 0 ? HotOf(lastAuction) : AnyAuction(ref random, lastAuction);
        long lastPerson = EventNumbering.LastPerson(number);
        long bidder = random.Below(ColdBidders) > 0 ? HotOf(lastPerson) + 1 : AnyPerson(ref random, lastPerson);
        long price = Price(ref random);
        (string channel, string url) = Makes(EventTexts.Channels) ? BidChannels.Of(number) : ("", "");
        return new Bid(
            EventNumbering.FirstId + auction,
            EventNumbering.FirstId + bidder,
            price,
            channel,
            url,
            numbering.TimeOf(number),
            Makes(EventTexts.Extras) ? RandomText.Filling(random, 4 * 8, AverageBidBytes) : "",
            number);
    }
}
