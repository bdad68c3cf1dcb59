using Millrace.DataStream;
using Millrace.Examples.Nexmark.Bids;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;
using Millrace.State;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Bids of each bidder in 10 s by the clock. The windows at work when the input ends are cut short.</summary>
public sealed class Q12 : INexmarkQuery
{
    private const long Window = 10_000;

    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(output);
        output.Write(
            events.Filter<BidsOnly>(default)
                .Map<ToBidder, long>(default)
                .KeyBy(bidder => bidder)
                .Process(new CountOfWindow()).WithUid("count"));
    }

    /// <summary>Bids of a bidder in a window.</summary>
    /// <param name="Bidder">Who bids.</param>
    /// <param name="Bids">How often.</param>
    /// <param name="Start">Of the window, by the clock, in milliseconds.</param>
    /// <param name="End">Of the window, by the clock, in milliseconds.</param>
    public readonly record struct Row(long Bidder, long Bids, long Start, long End) : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Bidder);
            text.Add(Bids);
            text.Add(Start);
            text.Add(End);
        }
    }

    private readonly struct ToBidder : IMapFunction<Event, long>
    {
        public long Map(Event value) => value.Bid.Bidder;
    }

    private sealed class CountOfWindow : KeyedProcessFunction<long, long, Row>
    {
        private const long EndOfInput = long.MaxValue;

        private IValueState<Row> _window = null!;

        public override void Open(RuntimeContext context) =>
            _window = context.GetState(new ValueStateDescriptor<Row>("window"));

        public override void ProcessElement(long value, Context context, ICollector<Row> output)
        {
            long now = context.TimerService.CurrentProcessingTime;
            if (_window.TryGet(out Row window) && now < window.End)
            {
                _window.Update(window with { Bids = window.Bids + 1 });
                return;
            }

            EmitWindow(output);
            long start = now - (now % Window);
            _window.Update(new Row(value, 1, start, start + Window));
            context.TimerService.RegisterProcessingTimeTimer(start + Window);
            context.TimerService.RegisterEventTimeTimer(EndOfInput);
        }

        public override void OnTimer(long timestamp, OnTimerContext context, ICollector<Row> output)
        {
            // The window of an earlier timer may have ended with a bid behind it.
            if (_window.TryGet(out Row window) && window.End <= timestamp)
            {
                EmitWindow(output);
                context.TimerService.DeleteEventTimeTimer(EndOfInput);
            }
        }

        private void EmitWindow(ICollector<Row> output)
        {
            if (_window.TryGet(out Row window))
            {
                output.Emit(window);
                _window.Clear();
            }
        }
    }
}
