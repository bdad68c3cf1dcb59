using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Examples.Nexmark.Winners;
using Millrace.Functions;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>The winning bid of each auction.</summary>
public sealed class Q9 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .WinningBids()
        .Map<ToRow, Row>(default)
        .WriteTo(output);

    /// <summary>An auction and the bid that has won it.</summary>
    /// <param name="Auction">The auction.</param>
    /// <param name="Seller">Who sold.</param>
    /// <param name="Category">Of the item.</param>
    /// <param name="Bidder">Who has won.</param>
    /// <param name="Price">In cents.</param>
    /// <param name="Time">Event time of the bid, in milliseconds.</param>
    public readonly record struct Row(long Auction, long Seller, long Category, long Bidder, long Price, long Time)
        : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Auction);
            text.Add(Seller);
            text.Add(Category);
            text.Add(Bidder);
            text.Add(Price);
            text.Add(Time);
        }
    }

    private readonly struct ToRow : IMapFunction<Winner, Row>
    {
        public Row Map(Winner value) => new(
            value.Auction,
            value.Opening.Seller,
            value.Opening.Category,
            value.Offer.Bidder,
            value.Offer.Price,
            value.Offer.Time);
    }
}
