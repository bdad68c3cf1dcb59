using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;
using Millrace.State;
using Millrace.Windowing.Assigners;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Auctions with the most bids in 10 s, every 2 s; ties stay.</summary>
public sealed class Q5 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .Bids()
        .Map(one => one.Bid.Auction)
        .KeyBy(auction => auction)
        .Window(SlidingEventTimeWindows.Of(size: TimeSpan.FromSeconds(10), slide: TimeSpan.FromSeconds(2)))
        .Count().WithUid("count")
        .Map(count => new Row(count.Key, count.Value, count.Window.Start))
        .KeyBy(count => count.WindowStart)
        .Process(new MostOfWindow()).WithUid("most")
        .WriteTo(output);

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
                // All counts of a window have the same time: when that has passed, no other comes.
                _most.Update([value]);
                context.TimerService.RegisterEventTimeTimer(context.Timestamp!.Value);
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
