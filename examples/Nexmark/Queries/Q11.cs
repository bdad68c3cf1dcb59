using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Windowing.Assigners;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Sessions of each bidder, ended by a gap of more than 10 s.</summary>
public sealed class Q11 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .Bids()
        .Map(one => one.Bid.Bidder)
        .KeyBy(bidder => bidder)
        .Window(EventTimeSessionWindows.WithGap(TimeSpan.FromSeconds(10)))
        .Count().WithUid("sessions")
        .Map(session => new Row(session.Key, session.Value, session.Window.Start, session.Window.End))
        .WriteTo(output);

    /// <summary>A session of a bidder.</summary>
    /// <param name="Bidder">Who bids.</param>
    /// <param name="Bids">How often.</param>
    /// <param name="Start">Time of the first bid, in milliseconds.</param>
    /// <param name="End">Time of the last bid and the gap behind it: a bid at this time still belongs here.</param>
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
