using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;
using Millrace.State;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Bids with the highest price of a window of 10 s.</summary>
/// <remarks>Both ends of the window count when bids with its highest price are looked up: a bid at the very end, which
/// itself lies in the next window, is found when it has the same price.</remarks>
public sealed class Q7 : INexmarkQuery
{
    private const long Window = 10_000;

    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .Bids()
        .FlatMap(new ToWindows())
        .KeyBy(one => one.WindowStart)
        .Process(new HighestOfWindow()).WithUid("highest")
        .WriteTo(output);

    /// <summary>A bid at a window.</summary>
    /// <param name="WindowStart">In milliseconds of event time.</param>
    /// <param name="Bid">The bid.</param>
    public readonly record struct BidAtWindow(long WindowStart, Row Bid)
    {
        /// <summary>Whether it lies in the window, and not at its end.</summary>
        public bool IsInside => Bid.Time < WindowStart + Window;
    }

    /// <summary>A bid with the highest price.</summary>
    /// <param name="Auction">Its auction.</param>
    /// <param name="Price">In cents.</param>
    /// <param name="Bidder">Who bids.</param>
    /// <param name="Time">Event time, in milliseconds.</param>
    public readonly record struct Row(long Auction, long Price, long Bidder, long Time) : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Auction);
            text.Add(Price);
            text.Add(Bidder);
            text.Add(Time);
        }
    }

    private sealed class ToWindows : IFlatMapFunction<Event, BidAtWindow>
    {
        public void FlatMap(Event value, ICollector<BidAtWindow> collector)
        {
            Row bid = new(value.Bid.Auction, value.Bid.Price, value.Bid.Bidder, value.Bid.Time);
            long into = bid.Time % Window;
            collector.Emit(new BidAtWindow(bid.Time - into, bid));
            if (into == 0)
            {
                collector.Emit(new BidAtWindow(bid.Time - Window, bid));
            }
        }
    }

    private sealed class HighestOfWindow : KeyedProcessFunction<long, BidAtWindow, Row>
    {
        private IValueState<long> _price = null!;
        private IListState<Row> _highest = null!;
        private IListState<Row> _atEnd = null!;

        public override void Open(RuntimeContext context)
        {
            _price = context.GetState(new ValueStateDescriptor<long>("price"));
            _highest = context.GetState(new ListStateDescriptor<Row>("highest"));
            _atEnd = context.GetState(new ListStateDescriptor<Row>("at end"));
        }

        public override void ProcessElement(BidAtWindow value, Context context, ICollector<Row> output)
        {
            Row bid = value.Bid;
            if (!value.IsInside)
            {
                _atEnd.Add(bid);
                context.TimerService.RegisterEventTimeTimer(bid.Time);
                return;
            }

            long price = _price.Value;
            if (bid.Price > price)
            {
                _price.Update(bid.Price);
                _highest.Update([bid]);
                context.TimerService.RegisterEventTimeTimer(value.WindowStart + Window);
            }
            else if (bid.Price == price)
            {
                _highest.Add(bid);
            }
        }

        public override void OnTimer(long timestamp, OnTimerContext context, ICollector<Row> output)
        {
            foreach (Row bid in _highest)
            {
                output.Emit(bid);
            }

            foreach (Row bid in _atEnd)
            {
                if (bid.Price == _price.Value)
                {
                    output.Emit(bid);
                }
            }

            _price.Clear();
            _highest.Clear();
            _atEnd.Clear();
        }
    }
}
