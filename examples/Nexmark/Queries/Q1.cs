using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Each bid with its price in another currency, at 0.908: exact, in thousandths of a cent.</summary>
public sealed class Q1 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .Bids()
        .Map<ToRow, Row>(default)
        .WriteTo(output);

    /// <summary>A bid in the other currency.</summary>
    /// <param name="Auction">Its auction.</param>
    /// <param name="Bidder">Who bids.</param>
    /// <param name="PriceThousandths">In thousandths of a cent.</param>
    /// <param name="Time">Event time, in milliseconds.</param>
    public readonly record struct Row(long Auction, long Bidder, long PriceThousandths, long Time) : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Auction);
            text.Add(Bidder);
            text.Add(PriceThousandths);
            text.Add(Time);
        }
    }

    private readonly struct ToRow : IMapFunction<Event, Row>
    {
        private const long Thousandths = 908;

        public Row Map(Event value) =>
            new(value.Bid.Auction, value.Bid.Bidder, value.Bid.Price * Thousandths, value.Bid.Time);
    }
}
