using System.Globalization;
using Millrace.DataStream;
using Millrace.Examples.Nexmark.Bids;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Bids with the day and minute in which they were made. In files, each minute has a folder of its own, such
/// as <c>2015-07-15/00-03</c>.</summary>
public sealed class Q10 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .Bids()
        .Map<ToRow, Row>(default)
        .WriteToFolders(output, new MinuteFolders().Of);

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

    /// <summary>Names folders. Most bids come into the minute of the one before: a name is made once for all of
    /// them.</summary>
    private sealed class MinuteFolders
    {
        private (DateOnly Day, TimeOnly Minute)? _last;
        private string _name = "";

        public string Of(Row row)
        {
            if (_last != (row.Day, row.Minute))
            {
                _last = (row.Day, row.Minute);
                _name = string.Create(CultureInfo.InvariantCulture, $"{row.Day:yyyy-MM-dd}/{row.Minute:HH-mm}");
            }

            return _name;
        }
    }
}
