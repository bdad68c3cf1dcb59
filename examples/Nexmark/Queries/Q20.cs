using Millrace.DataStream;
using Millrace.Examples.Nexmark.Bids;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Examples.Nexmark.Winners;
using Millrace.Functions;
using Millrace.State;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Bids with their auction, for the auctions of one category, whenever the bid was made.</summary>
public sealed class Q20 : INexmarkQuery
{
    private const long Category = 10;

    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .AuctionsAndBids()
        .KeyBy(one => one.Auction)
        .Process(new BidWithAuction()).WithUid("join")
        .WriteTo(output);

    /// <summary>A bid with its auction.</summary>
    /// <param name="Bid">The bid.</param>
    /// <param name="Seller">Who sells.</param>
    /// <param name="Expires">When the auction closes, in milliseconds of event time.</param>
    public readonly record struct Row(BidRow Bid, long Seller, long Expires) : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            Bid.WriteTo(text);
            text.Add(Seller);
            text.Add(Expires);
        }
    }

    private sealed class BidWithAuction : KeyedProcessFunction<long, AuctionEvent, Row>
    {
        private IValueState<Opening> _opening = null!;
        private IListState<Offer> _waiting = null!;

        public override void Open(RuntimeContext context)
        {
            _opening = context.GetState(new ValueStateDescriptor<Opening>("opening"));
            _waiting = context.GetState(new ListStateDescriptor<Offer>("waiting"));
        }

        public override void ProcessElement(AuctionEvent value, Context context, ICollector<Row> output)
        {
            if (value.IsOpening)
            {
                // Auctions of other categories are kept too: else their bids would wait for them forever.
                _opening.Update(value.Opening);
                foreach (Offer waiting in _waiting)
                {
                    Emit(value.Auction, value.Opening, waiting, output);
                }

                _waiting.Clear();
            }
            else if (_opening.TryGet(out Opening opening))
            {
                Emit(value.Auction, opening, value.Offer, output);
            }
            else
            {
                _waiting.Add(value.Offer);
            }
        }

        private static void Emit(long auction, in Opening opening, in Offer offer, ICollector<Row> output)
        {
            if (opening.Category == Category)
            {
                var bid = new BidRow(auction, offer.Bidder, offer.Price, offer.Time);
                output.Emit(new Row(bid, opening.Seller, opening.Expires));
            }
        }
    }
}
