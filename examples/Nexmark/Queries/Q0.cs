using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Each bid as it is: what it costs to move events at all.</summary>
public sealed class Q0 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(output);
        output.Write(events.Filter<BidsOnly>(default).Map<ToRow, Row>(default));
    }

    /// <summary>A bid.</summary>
    /// <param name="Auction">Its auction.</param>
    /// <param name="Bidder">Who bids.</param>
    /// <param name="Price">In cents.</param>
    /// <param name="Time">Event time, in milliseconds.</param>
    public readonly record struct Row(long Auction, long Bidder, long Price, long Time) : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Auction);
            text.Add(Bidder);
            text.Add(Price);
            text.Add(Time);
        }
    }

    private readonly struct ToRow : IMapFunction<Event, Row>
    {
        public Row Map(Event value) =>
            new(value.Bid.Auction, value.Bid.Bidder, value.Bid.Price, value.Bid.Time);
    }
}
