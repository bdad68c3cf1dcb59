using Millrace.DataStream;
using Millrace.Examples.Nexmark.Bids;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;
using Millrace.State;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Figures of each auction and day: number, bands, lowest, highest and sum of the prices. The average follows
/// from the sum.</summary>
public sealed class Q17 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .Bids()
        .Map<ToPriceOfDay, PriceOfDay>(default)
        .KeyBy(bid => (bid.Auction, bid.Day))
        .Process(new Figures()).WithUid("figures")
        .WriteTo(output, row => (row.Auction, row.Day));

    /// <summary>What is looked at of a bid.</summary>
    /// <param name="Auction">For what.</param>
    /// <param name="Day">Days since 1970-01-01.</param>
    /// <param name="Price">In cents.</param>
    public readonly record struct PriceOfDay(long Auction, long Day, long Price);

    /// <summary>The figures of an auction and day.</summary>
    /// <param name="Auction">The auction.</param>
    /// <param name="Bids">How many there are.</param>
    /// <param name="Lowest">Price, in cents.</param>
    /// <param name="Highest">Price, in cents.</param>
    /// <param name="Sum">Of the prices, in cents.</param>
    /// <param name="Day">Days since 1970-01-01; no part of the golden result.</param>
    public readonly record struct Row(long Auction, BandCounts Bids, long Lowest, long Highest, long Sum, long Day)
        : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Auction);
            Bids.WriteTo(text);
            text.Add(Lowest);
            text.Add(Highest);
            text.Add(Sum);
        }
    }

    private readonly struct ToPriceOfDay : IMapFunction<Event, PriceOfDay>
    {
        public PriceOfDay Map(Event value) =>
            new(value.Bid.Auction, EventDay.NumberOf(value.Bid.Time), value.Bid.Price);
    }

    private sealed class Figures : KeyedProcessFunction<(long Auction, long Day), PriceOfDay, Change<Row>>
    {
        private IValueState<Row> _row = null!;

        public override void Open(RuntimeContext context) =>
            _row = context.GetState(new ValueStateDescriptor<Row>("row"));

        public override void ProcessElement(PriceOfDay value, Context context, ICollector<Change<Row>> output)
        {
            long price = value.Price;
            bool known = _row.TryGet(out Row before);
            Row after = new(
                value.Auction,
                before.Bids.With(PriceBands.Of(price)),
                known ? Math.Min(before.Lowest, price) : price,
                Math.Max(before.Highest, price),
                before.Sum + price,
                value.Day);
            _row.Update(after);
            output.EmitUpdate(before, known, after);
        }
    }
}
