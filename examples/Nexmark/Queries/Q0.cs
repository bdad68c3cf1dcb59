using Millrace.DataStream;
using Millrace.Examples.Nexmark.Bids;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Each bid as it is: what it costs to move events at all.</summary>
public sealed class Q0 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .Bids()
        .Map<ToBidRow, BidRow>(default)
        .WriteTo(output);
}
