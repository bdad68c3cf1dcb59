using Millrace.DataStream;
using Millrace.Examples.Nexmark.Bids;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;
using Millrace.State;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>The last bid of each bidder for each auction.</summary>
public sealed class Q18 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .Bids()
        .Map<ToBidRow, BidRow>(default)
        .KeyBy(bid => (bid.Bidder, bid.Auction))
        .Process(new Last()).WithUid("last")
        .WriteTo(output, row => (row.Bidder, row.Auction));

    private sealed class Last : KeyedProcessFunction<(long Bidder, long Auction), BidRow, Change<BidRow>>
    {
        private IValueState<BidRow> _last = null!;

        public override void Open(RuntimeContext context) =>
            _last = context.GetState(new ValueStateDescriptor<BidRow>("last"));

        public override void ProcessElement(BidRow value, Context context, ICollector<Change<BidRow>> output)
        {
            bool known = _last.TryGet(out BidRow last);
            if (!known || IsLater(value, last))
            {
                _last.Update(value);
                output.EmitUpdate(last, known, value);
            }
        }

        // Of several at one time the highest, so that the order in which they come makes no difference.
        private static bool IsLater(in BidRow bid, in BidRow last) =>
            bid.Time > last.Time || (bid.Time == last.Time && bid.Price > last.Price);
    }
}
