using Millrace.DataStream;
using Millrace.Examples.Nexmark.Bids;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;
using Millrace.State;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Bids by persons who are known and sell: one row for each bid and each auction that its bidder
/// sells.</summary>
public sealed class Q23 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .Map<ToDeed, Deed>(default)
        .KeyBy(deed => deed.Person)
        .Process(new BidsOfSellers()).WithUid("join")
        .WriteTo(output);

    /// <summary>What somebody does: appears, sells, or bids.</summary>
    /// <param name="Person">Who.</param>
    /// <param name="Name">When appearing, under which name.</param>
    /// <param name="Sold">When selling, the auction.</param>
    /// <param name="Bid">Otherwise the bid.</param>
    public readonly record struct Deed(long Person, string? Name, long? Sold, BidRow Bid);

    /// <summary>A bid of a seller.</summary>
    /// <param name="Bid">The bid.</param>
    /// <param name="Name">Who bids.</param>
    /// <param name="Sold">What the bidder sells.</param>
    public readonly record struct Row(BidRow Bid, string Name, long Sold) : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            Bid.WriteTo(text);
            text.Add(Name);
            text.Add(Sold);
        }
    }

    private readonly struct ToDeed : IMapFunction<Event, Deed>
    {
        public Deed Map(Event value) => value switch
        {
            { Person: { } person } => new Deed(person.Id, person.Name, null, default),
            { Auction: { } auction } => new Deed(auction.Seller, null, auction.Id, default),
            _ => new Deed(value.Bid.Bidder, null, null, default(ToBidRow).Map(value)),
        };
    }

    /// <summary>A join of three: whatever comes last finds the others.</summary>
    private sealed class BidsOfSellers : KeyedProcessFunction<long, Deed, Row>
    {
        private IValueState<string> _name = null!;
        private IListState<long> _sold = null!;
        private IListState<BidRow> _bids = null!;

        public override void Open(RuntimeContext context)
        {
            _name = context.GetState(new ValueStateDescriptor<string>("name"));
            _sold = context.GetState(new ListStateDescriptor<long>("sold"));
            _bids = context.GetState(new ListStateDescriptor<BidRow>("bids"));
        }

        public override void ProcessElement(Deed value, Context context, ICollector<Row> output)
        {
            if (value.Name is string name)
            {
                _name.Update(name);
                foreach (BidRow bid in _bids)
                {
                    EmitForAllSold(bid, name, output);
                }
            }
            else if (value.Sold is long sold)
            {
                _sold.Add(sold);
                EmitForAllBids(sold, output);
            }
            else
            {
                _bids.Add(value.Bid);
                if (_sold.Count > 0 && _name.TryGet(out string? bidder))
                {
                    EmitForAllSold(value.Bid, bidder, output);
                }
            }
        }

        private void EmitForAllSold(BidRow bid, string name, ICollector<Row> output)
        {
            foreach (long sold in _sold)
            {
                output.Emit(new Row(bid, name, sold));
            }
        }

        private void EmitForAllBids(long sold, ICollector<Row> output)
        {
            if (_name.TryGet(out string? name))
            {
                foreach (BidRow bid in _bids)
                {
                    output.Emit(new Row(bid, name, sold));
                }
            }
        }
    }
}
