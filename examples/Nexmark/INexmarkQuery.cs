using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;

namespace Millrace.Examples.Nexmark;

/// <summary>One of the queries of the benchmark. The name of its class, in lower case, is its name on the command
/// line.</summary>
public interface INexmarkQuery
{
    /// <summary>Builds the query.</summary>
    /// <param name="events">Persons, auctions and bids, in event time.</param>
    /// <param name="output">Takes the result.</param>
    void Define(DataStream<Event> events, QueryOutput output);
}
