using Millrace.DataStream;
using Millrace.Examples.Nexmark.Bids;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;
using Millrace.State;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Counts of each day: bids, different bidders, different auctions. All bids of a day meet in one subtask,
/// which is what makes this one hard.</summary>
public sealed class Q15 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .Bids()
        .Map<ToBidOfDay, BidOfDay>(default)
        .KeyBy(bid => bid.Day)
        .Process(new CountOfDay()).WithUid("count")
        .WriteTo(output, row => row.Day);

    /// <summary>What is counted of a bid.</summary>
    /// <param name="Day">Days since 1970-01-01.</param>
    /// <param name="Bidder">Who bids.</param>
    /// <param name="Auction">For what.</param>
    /// <param name="Price">In cents.</param>
    public readonly record struct BidOfDay(long Day, long Bidder, long Auction, long Price);

    /// <summary>The counts of a day.</summary>
    /// <param name="Day">The day.</param>
    /// <param name="Counts">Its counts.</param>
    public readonly record struct Row(DateOnly Day, DayCounts Counts) : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Day);
            Counts.WriteTo(text);
        }
    }

    private readonly struct ToBidOfDay : IMapFunction<Event, BidOfDay>
    {
        public BidOfDay Map(Event value) =>
            new(EventDay.NumberOf(value.Bid.Time), value.Bid.Bidder, value.Bid.Auction, value.Bid.Price);
    }

    private sealed class CountOfDay : KeyedProcessFunction<long, BidOfDay, Change<Row>>
    {
        private IValueState<Row> _row = null!;
        private DayCounter _counter = null!;

        public override void Open(RuntimeContext context)
        {
            _row = context.GetState(new ValueStateDescriptor<Row>("row"));
            _counter = new DayCounter(context);
        }

        public override void ProcessElement(BidOfDay value, Context context, ICollector<Change<Row>> output)
        {
            bool known = _row.TryGet(out Row before);
            Row after = new(
                known ? before.Day : EventDay.DateOf(value.Day),
                _counter.Count(before.Counts, value.Bidder, value.Auction, value.Price));
            _row.Update(after);
            output.EmitUpdate(before, known, after);
        }
    }
}
