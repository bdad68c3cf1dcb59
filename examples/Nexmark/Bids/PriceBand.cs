namespace Millrace.Examples.Nexmark.Bids;

/// <summary>Bands of prices that queries count apart.</summary>
[Flags]
public enum PriceBand
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>Below 10,000.</summary>
    Low = 1,

    /// <summary>From 10,000, below 1,000,000.</summary>
    Middle = 2,

    /// <summary>From 1,000,000.</summary>
    High = 4,
}

/// <summary>Which price lies in which band.</summary>
internal static class PriceBands
{
    private const long EndOfLow = 10_000;
    private const long EndOfMiddle = 1_000_000;

    /// <summary>The band of a price in cents.</summary>
    public static PriceBand Of(long price) => price switch
    {
        < EndOfLow => PriceBand.Low,
        < EndOfMiddle => PriceBand.Middle,
        _ => PriceBand.High,
    };
}
