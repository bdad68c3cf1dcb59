using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Examples.Nexmark.Reading;
using Millrace.Functions;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Bids with a value from a side input: a file that each subtask reads before its first bid
/// (<c>--side-input</c>; by default one that lies beside the program, with the rows i,i for 0 to 9,999).</summary>
public sealed class Q13 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .Bids()
        .FlatMap(new WithValue())
        .WriteTo(output);

    /// <summary>A bid with its value.</summary>
    /// <param name="Auction">Its auction.</param>
    /// <param name="Bidder">Who bids.</param>
    /// <param name="Price">In cents.</param>
    /// <param name="Time">Event time, in milliseconds.</param>
    /// <param name="Value">The value of the auction in the side input.</param>
    public readonly record struct Row(long Auction, long Bidder, long Price, long Time, string Value) : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Auction);
            text.Add(Bidder);
            text.Add(Price);
            text.Add(Time);
            text.Add(Value);
        }
    }

    private sealed class WithValue : IFlatMapFunction<Event, Row>, IRichFunction
    {
        private const int Keys = 10_000;

        private Dictionary<long, string> _values = [];

        public void Open(RuntimeContext context) => _values = SideInput.Read(context);

        public void Close()
        {
        }

        public void FlatMap(Event value, ICollector<Row> collector)
        {
            Bid bid = value.Bid;
            if (_values.TryGetValue(bid.Auction % Keys, out string? found))
            {
                collector.Emit(new Row(bid.Auction, bid.Bidder, bid.Price, bid.Time, found));
            }
        }
    }
}
