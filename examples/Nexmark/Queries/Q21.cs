using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Bids with the id of their channel: known for the large ones, else a part of the page; those without one are
/// left out.</summary>
public sealed class Q21 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .Bids()
        .FlatMap(new WithChannelId())
        .WriteTo(output);

    /// <summary>A bid with the id of its channel.</summary>
    /// <param name="Auction">Its auction.</param>
    /// <param name="Bidder">Who bids.</param>
    /// <param name="Price">In cents.</param>
    /// <param name="Channel">The channel.</param>
    /// <param name="ChannelId">Its id.</param>
    public readonly record struct Row(long Auction, long Bidder, long Price, string Channel, string ChannelId)
        : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Auction);
            text.Add(Bidder);
            text.Add(Price);
            text.Add(Channel);
            text.Add(ChannelId);
        }
    }

    private sealed class WithChannelId : IFlatMapFunction<Event, Row>
    {
        private const string Parameter = "channel_id=";

        private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
        {
            ["apple"] = "0",
            ["google"] = "1",
            ["facebook"] = "2",
            ["baidu"] = "3",
        };

        public void FlatMap(Event value, ICollector<Row> collector)
        {
            Bid bid = value.Bid;
            if ((Known.GetValueOrDefault(bid.Channel) ?? IdIn(bid.Url)) is string id)
            {
                collector.Emit(new Row(bid.Auction, bid.Bidder, bid.Price, bid.Channel, id));
            }
        }

        private static string? IdIn(string url)
        {
            int at = url.IndexOf(Parameter, StringComparison.Ordinal);
            if (at < 1 || url[at - 1] is not ('&' or '?'))
            {
                return null;
            }

            int start = at + Parameter.Length;
            int end = url.IndexOf('&', start);
            return end < 0 ? url[start..] : url[start..end];
        }
    }
}
