using Millrace.DataStream;
using Millrace.Functions;

namespace Millrace.Examples.Nexmark.Generator;

/// <summary>Some kinds of events out of all.</summary>
internal static class EventStreams
{
    /// <summary>Only the bids.</summary>
    public static DataStream<Event> Bids(this DataStream<Event> events) => events.Filter<BidsOnly>(default);

    /// <summary>All but the bids.</summary>
    public static DataStream<Event> PersonsAndAuctions(this DataStream<Event> events) =>
        events.Filter<AllButBids>(default);

    private readonly struct BidsOnly : IFilterFunction<Event>
    {
        public bool Filter(Event value) => value.IsBid;
    }

    private readonly struct AllButBids : IFilterFunction<Event>
    {
        public bool Filter(Event value) => !value.IsBid;
    }
}
