using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Bids with the three folders of their page.</summary>
public sealed class Q22 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .Bids()
        .Map<ToRow, Row>(default)
        .WriteTo(output);

    /// <summary>A bid with the folders of its page.</summary>
    /// <param name="Auction">Its auction.</param>
    /// <param name="Bidder">Who bids.</param>
    /// <param name="Price">In cents.</param>
    /// <param name="Channel">Where it came from.</param>
    /// <param name="Folder1">The first one behind the host.</param>
    /// <param name="Folder2">The one in it.</param>
    /// <param name="Folder3">The one in that.</param>
    public readonly record struct Row(
        long Auction, long Bidder, long Price, string Channel, string Folder1, string Folder2, string Folder3)
        : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Auction);
            text.Add(Bidder);
            text.Add(Price);
            text.Add(Channel);
            text.Add(Folder1);
            text.Add(Folder2);
            text.Add(Folder3);
        }
    }

    private readonly struct ToRow : IMapFunction<Event, Row>
    {
        public Row Map(Event value)
        {
            // https://host/folder/folder/folder/page
            Bid bid = value.Bid;
            string[] parts = bid.Url.Split('/');
            return new Row(bid.Auction, bid.Bidder, bid.Price, bid.Channel, parts[3], parts[4], parts[5]);
        }
    }
}
