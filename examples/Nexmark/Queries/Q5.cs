using Millrace.DataStream;
using Millrace.Examples.Nexmark.Bids;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;
using Millrace.State;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Auctions with the most bids in 10 s, every 2 s; ties stay.</summary>
/// <remarks>Bids are counted once, in slices of 2 s; a window adds five of them up.</remarks>
public sealed class Q5 : INexmarkQuery
{
    private const long Window = 10_000;
    private const long Slice = 2_000;

    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(output);
        output.Write(
            events.Filter<BidsOnly>(default)
                .Map<ToBidTime, BidTime>(default)
                .KeyBy(bid => bid.Auction)
                .Process(new CountOfWindow()).WithUid("count")
                .KeyBy(count => count.WindowStart)
                .Process(new MostOfWindow()).WithUid("most"));
    }

    /// <summary>What is counted of a bid.</summary>
    /// <param name="Auction">For what.</param>
    /// <param name="Time">Event time, in milliseconds.</param>
    public readonly record struct BidTime(long Auction, long Time);

    /// <summary>Bids for an auction in a window.</summary>
    /// <param name="Auction">The auction.</param>
    /// <param name="Bids">How many.</param>
    /// <param name="WindowStart">In milliseconds of event time.</param>
    public readonly record struct Row(long Auction, long Bids, long WindowStart) : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Auction);
            text.Add(Bids);
            text.Add(WindowStart);
        }
    }

    private readonly struct ToBidTime : IMapFunction<Event, BidTime>
    {
        public BidTime Map(Event value) => new(value.Bid.Auction, value.Bid.Time);
    }

    private sealed class CountOfWindow : KeyedProcessFunction<long, BidTime, Row>
    {
        // By the start of the slice.
        private IMapState<long, long> _bids = null!;

        public override void Open(RuntimeContext context) =>
            _bids = context.GetState(new MapStateDescriptor<long, long>("bids"));

        public override void ProcessElement(BidTime value, Context context, ICollector<Row> output)
        {
            long slice = value.Time - (value.Time % Slice);
            if (!_bids.TryGet(slice, out long bids))
            {
                // The first window that it belongs to; the others follow when that one ends.
                context.TimerService.RegisterEventTimeTimer(slice + Slice - 1);
            }

            _bids[slice] = bids + 1;
        }

        public override void OnTimer(long timestamp, OnTimerContext context, ICollector<Row> output)
        {
            long start = timestamp + 1 - Window;
            long bids = 0;
            bool hasLater = false;
            foreach ((long slice, long count) in _bids)
            {
                bids += slice >= start && slice <= timestamp ? count : 0;
                hasLater |= slice > start;
            }

            if (bids > 0)
            {
                output.Emit(new Row(context.CurrentKey, bids, start));
            }

            _bids.Remove(start);
            if (hasLater)
            {
                context.TimerService.RegisterEventTimeTimer(timestamp + Slice);
            }
        }
    }

    private sealed class MostOfWindow : KeyedProcessFunction<long, Row, Row>
    {
        // All with as many bids, which is the most seen so far.
        private IListState<Row> _most = null!;

        public override void Open(RuntimeContext context) =>
            _most = context.GetState(new ListStateDescriptor<Row>("most"));

        public override void ProcessElement(Row value, Context context, ICollector<Row> output)
        {
            long most = _most.Count > 0 ? _most[0].Bids : 0;
            if (value.Bids > most)
            {
                _most.Update([value]);
                context.TimerService.RegisterEventTimeTimer(value.WindowStart + Window - 1);
            }
            else if (value.Bids == most)
            {
                _most.Add(value);
            }
        }

        public override void OnTimer(long timestamp, OnTimerContext context, ICollector<Row> output)
        {
            foreach (Row row in _most)
            {
                output.Emit(row);
            }

            _most.Clear();
        }
    }
}
