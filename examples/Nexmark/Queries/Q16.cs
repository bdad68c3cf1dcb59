using Millrace.DataStream;
using Millrace.Examples.Nexmark.Bids;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;
using Millrace.State;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>The counts of <see cref="Q15"/> for each channel and day, with the minute of the last bid.</summary>
public sealed class Q16 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .Bids()
        .Map<ToBidOfChannel, BidOfChannel>(default)
        .KeyBy(bid => (bid.Channel, EventDay.NumberOf(bid.Time)))
        .Process(new CountOfChannel()).WithUid("count")
        .WriteTo(output, row => (row.Channel, row.Day));

    /// <summary>What is counted of a bid.</summary>
    /// <param name="Channel">Where it came from.</param>
    /// <param name="Bidder">Who bids.</param>
    /// <param name="Auction">For what.</param>
    /// <param name="Price">In cents.</param>
    /// <param name="Time">Event time, in milliseconds.</param>
    public readonly record struct BidOfChannel(string Channel, long Bidder, long Auction, long Price, long Time);

    /// <summary>The counts of a channel and day.</summary>
    /// <param name="Channel">The channel.</param>
    /// <param name="Day">The day.</param>
    /// <param name="Minute">When the last bid came.</param>
    /// <param name="Counts">The counts.</param>
    public readonly record struct Row(string Channel, DateOnly Day, TimeOnly Minute, DayCounts Counts) : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Channel);
            text.Add(Day);
            text.Add(Minute);
            Counts.WriteTo(text);
        }
    }

    private readonly struct ToBidOfChannel : IMapFunction<Event, BidOfChannel>
    {
        public BidOfChannel Map(Event value) =>
            new(value.Bid.Channel, value.Bid.Bidder, value.Bid.Auction, value.Bid.Price, value.Bid.Time);
    }

    private sealed class CountOfChannel : KeyedProcessFunction<(string Channel, long Day), BidOfChannel, Change<Row>>
    {
        private IValueState<Row> _row = null!;
        private DayCounter _counter = null!;

        public override void Open(RuntimeContext context)
        {
            _row = context.GetState(new ValueStateDescriptor<Row>("row"));
            _counter = new DayCounter(context);
        }

        public override void ProcessElement(BidOfChannel value, Context context, ICollector<Change<Row>> output)
        {
            bool known = _row.TryGet(out Row before);
            TimeOnly minute = EventDay.MinuteOf(value.Time);
            Row after = new(
                value.Channel,
                EventDay.DateOf(context.CurrentKey.Day),
                known && before.Minute > minute ? before.Minute : minute,
                _counter.Count(before.Counts, value.Bidder, value.Auction, value.Price));
            _row.Update(after);
            output.EmitUpdate(before, known, after);
        }
    }
}
