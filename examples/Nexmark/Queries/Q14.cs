using Millrace.DataStream;
using Millrace.Examples.Nexmark.Bids;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Bids in a range of prices, with the time of the day and a count within their text: a calculation for each
/// bid.</summary>
public sealed class Q14 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .Filter<InRange>(default)
        .Map<ToRow, Row>(default)
        .WriteTo(output);

    /// <summary>A bid in the range.</summary>
    /// <param name="Auction">Its auction.</param>
    /// <param name="Bidder">Who bids.</param>
    /// <param name="PriceThousandths">In thousandths of a cent.</param>
    /// <param name="Time">Event time, in milliseconds.</param>
    /// <param name="TimeOfDay">dayTime, nightTime or otherTime.</param>
    /// <param name="LettersC">How often the letter c occurs in its filling.</param>
    public readonly record struct Row(
        long Auction, long Bidder, long PriceThousandths, long Time, string TimeOfDay, int LettersC) : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            // The golden result ends here: the last two columns are no part of it.
            text.Add(Auction);
            text.Add(Bidder);
            text.Add(PriceThousandths);
            text.Add(Time);
        }
    }

    private readonly struct InRange : IFilterFunction<Event>
    {
        private const long Least = 1_000_000 * ToRow.Thousand;
        private const long Most = 50_000_000 * ToRow.Thousand;

        public bool Filter(Event value) =>
            value.IsBid && value.Bid.Price * ToRow.Thousandths is > Least and < Most;
    }

    private readonly struct ToRow : IMapFunction<Event, Row>
    {
        public const long Thousandths = 908;
        public const long Thousand = 1_000;

        public Row Map(Event value) => new(
            value.Bid.Auction,
            value.Bid.Bidder,
            value.Bid.Price * Thousandths,
            value.Bid.Time,
            TimeOfDay(EventDay.HourOf(value.Bid.Time)),
            value.Bid.Extra.AsSpan().Count('c'));

        private static string TimeOfDay(int hour) => hour switch
        {
            >= 8 and <= 18 => "dayTime",
            <= 6 or >= 20 => "nightTime",
            _ => "otherTime",
        };
    }
}
