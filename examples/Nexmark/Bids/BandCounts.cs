using Millrace.Examples.Nexmark.Output;

namespace Millrace.Examples.Nexmark.Bids;

/// <summary>How many there are of something: in total, and in each band of prices.</summary>
/// <param name="Total">With any price.</param>
/// <param name="Low">With a price in the lowest band.</param>
/// <param name="Middle">With a price in the middle band.</param>
/// <param name="High">With a price in the highest band.</param>
public readonly record struct BandCounts(long Total, long Low, long Middle, long High)
{
    /// <summary>One more.</summary>
    /// <param name="band">Its band.</param>
    /// <param name="total">What it adds to the total: 0 when it is counted there already, in another band.</param>
    public BandCounts With(PriceBand band, int total = 1) => new(
        Total + total,
        Low + (band == PriceBand.Low ? 1 : 0),
        Middle + (band == PriceBand.Middle ? 1 : 0),
        High + (band == PriceBand.High ? 1 : 0));

    /// <summary>Appends the four numbers.</summary>
    public void WriteTo(RowText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text.Add(Total);
        text.Add(Low);
        text.Add(Middle);
        text.Add(High);
    }
}
