using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;

namespace Millrace.Examples.Nexmark.Bids;

/// <summary>A bid without its texts.</summary>
/// <param name="Auction">For what.</param>
/// <param name="Bidder">Who bids.</param>
/// <param name="Price">In cents.</param>
/// <param name="Time">Event time, in milliseconds.</param>
public readonly record struct BidRow(long Auction, long Bidder, long Price, long Time) : IResultRow
{
    /// <inheritdoc/>
    public void WriteTo(RowText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text.Add(Auction);
        text.Add(Bidder);
        text.Add(Price);
        text.Add(Time);
    }
}

/// <summary>Takes the texts off a bid.</summary>
public readonly struct ToBidRow : IMapFunction<Event, BidRow>
{
    /// <inheritdoc/>
    public BidRow Map(Event value) => new(value.Bid.Auction, value.Bid.Bidder, value.Bid.Price, value.Bid.Time);
}
