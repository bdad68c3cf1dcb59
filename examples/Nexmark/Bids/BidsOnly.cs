using Millrace.Examples.Nexmark.Generator;
using Millrace.Functions;

namespace Millrace.Examples.Nexmark.Bids;

/// <summary>Keeps the bids among the events.</summary>
public readonly struct BidsOnly : IFilterFunction<Event>
{
    /// <inheritdoc/>
    public bool Filter(Event value) => value.IsBid;
}
