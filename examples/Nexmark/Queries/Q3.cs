using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;
using Millrace.State;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Who sells something of one category in some states.</summary>
public sealed class Q3 : INexmarkQuery
{
    private const long Category = 10;

    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .Filter<SellersAndItems>(default)
        .KeyBy(one => one.Person?.Id ?? one.Auction!.Seller)
        .Process(new SellerOfItem()).WithUid("join")
        .WriteTo(output);

    /// <summary>A seller and what is sold.</summary>
    /// <param name="Name">Of the seller.</param>
    /// <param name="City">Where the seller lives.</param>
    /// <param name="State">Where that is.</param>
    /// <param name="Auction">The auction.</param>
    public readonly record struct Row(string Name, string City, string State, long Auction) : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Name);
            text.Add(City);
            text.Add(State);
            text.Add(Auction);
        }
    }

    private readonly struct SellersAndItems : IFilterFunction<Event>
    {
        public bool Filter(Event value) =>
            value.Person is { State: "OR" or "ID" or "CA" } || value.Auction is { Category: Category };
    }

    private sealed class SellerOfItem : KeyedProcessFunction<long, Event, Row>
    {
        private IValueState<Row> _seller = null!;
        private IListState<long> _waiting = null!;

        public override void Open(RuntimeContext context)
        {
            _seller = context.GetState(new ValueStateDescriptor<Row>("seller"));
            _waiting = context.GetState(new ListStateDescriptor<long>("waiting"));
        }

        public override void ProcessElement(Event value, Context context, ICollector<Row> output)
        {
            if (value.Person is { } person)
            {
                Row seller = new(person.Name, person.City, person.State, 0);
                _seller.Update(seller);
                foreach (long auction in _waiting)
                {
                    output.Emit(seller with { Auction = auction });
                }

                _waiting.Clear();
            }
            else if (_seller.TryGet(out Row seller))
            {
                output.Emit(seller with { Auction = value.Auction!.Id });
            }
            else
            {
                _waiting.Add(value.Auction!.Id);
            }
        }
    }
}
