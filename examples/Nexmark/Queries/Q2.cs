using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>The bids for one auction in 123.</summary>
public sealed class Q2 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .Filter<OneAuctionInMany>(default)
        .Map<ToRow, Row>(default)
        .WriteTo(output);

    /// <summary>A bid, in short.</summary>
    /// <param name="Auction">Its auction.</param>
    /// <param name="Price">In cents.</param>
    public readonly record struct Row(long Auction, long Price) : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Auction);
            text.Add(Price);
        }
    }

    private readonly struct OneAuctionInMany : IFilterFunction<Event>
    {
        private const int Many = 123;

        public bool Filter(Event value) => value.IsBid && value.Bid.Auction % Many == 0;
    }

    private readonly struct ToRow : IMapFunction<Event, Row>
    {
        public Row Map(Event value) => new(value.Bid.Auction, value.Bid.Price);
    }
}
