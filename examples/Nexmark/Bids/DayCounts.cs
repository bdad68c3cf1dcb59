using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;
using Millrace.State;

namespace Millrace.Examples.Nexmark.Bids;

/// <summary>What is counted of the bids of a day.</summary>
/// <param name="Bids">All of them.</param>
/// <param name="Bidders">Different ones.</param>
/// <param name="Auctions">Different ones.</param>
public readonly record struct DayCounts(BandCounts Bids, BandCounts Bidders, BandCounts Auctions)
{
    /// <summary>Appends the twelve numbers.</summary>
    public void WriteTo(RowText text)
    {
        Bids.WriteTo(text);
        Bidders.WriteTo(text);
        Auctions.WriteTo(text);
    }
}

/// <summary>Counts the bids of the key at work, and their different bidders and auctions.</summary>
internal sealed class DayCounter(RuntimeContext context)
{
    // In which bands somebody was seen.
    private readonly IMapState<long, PriceBand> _bidders =
        context.GetState(new MapStateDescriptor<long, PriceBand>("bidders"));

    private readonly IMapState<long, PriceBand> _auctions =
        context.GetState(new MapStateDescriptor<long, PriceBand>("auctions"));

    /// <summary>The counts with one more bid.</summary>
    public DayCounts Count(in DayCounts counts, long bidder, long auction, long price)
    {
        PriceBand band = PriceBands.Of(price);
        return new DayCounts(
            counts.Bids.With(band),
            CountOnce(counts.Bidders, _bidders, bidder, band),
            CountOnce(counts.Auctions, _auctions, auction, band));
    }

    private static BandCounts CountOnce(
        BandCounts counts, IMapState<long, PriceBand> seen, long id, PriceBand band)
    {
        seen.TryGet(id, out PriceBand bands);
        if ((bands & band) != 0)
        {
            return counts;
        }

        seen[id] = bands | band;
        return counts.With(band, total: bands == PriceBand.None ? 1 : 0);
    }
}
