using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Windowing.Assigners;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Bids of each bidder in 10 s by the clock. The windows at work when the input ends are cut short.</summary>
public sealed class Q12 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .Bids()
        .Map(one => one.Bid.Bidder)
        .KeyBy(bidder => bidder)
        .Window(TumblingProcessingTimeWindows.Of(TimeSpan.FromSeconds(10)))
        .Count().WithUid("count")
        .Map(count => new Row(count.Key, count.Value, count.Window.Start, count.Window.End))
        .WriteTo(output);

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
}
