using Millrace.DataStream;
using Millrace.Examples.Nexmark.Bids;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Bids with the day and minute in which they were made, for files.</summary>
public sealed class Q10 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(output);
        output.Write(events.Filter<BidsOnly>(default).Map<ToRow, Row>(default));
    }

    /// <summary>A bid with its day and minute.</summary>
    /// <param name="Day">When it came.</param>
    /// <param name="Minute">When it came.</param>
    /// <param name="Auction">Its auction.</param>
    /// <param name="Bidder">Who bids.</param>
    /// <param name="Price">In cents.</param>
    /// <param name="Time">Event time, in milliseconds.</param>
    public readonly record struct Row(
        DateOnly Day, TimeOnly Minute, long Auction, long Bidder, long Price, long Time) : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Day);
            text.Add(Minute);
            text.Add(Auction);
            text.Add(Bidder);
            text.Add(Price);
            text.Add(Time);
        }
    }

    private readonly struct ToRow : IMapFunction<Event, Row>
    {
        public Row Map(Event value)
        {
            Bid bid = value.Bid;
            return new Row(
                EventDay.DateOf(EventDay.NumberOf(bid.Time)),
                EventDay.MinuteOf(bid.Time),
                bid.Auction,
                bid.Bidder,
                bid.Price,
                bid.Time);
        }
    }
}
