using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Examples.Nexmark.Winners;
using Millrace.Functions;
using Millrace.State;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>The average winning price of the last ten auctions of each seller, in the order in which they
/// close.</summary>
public sealed class Q6 : INexmarkQuery
{
    private const int Last = 10;

    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .WinningBids()
        .KeyBy(winner => winner.Opening.Seller)
        .Process(new AverageOfLast()).WithUid("average")
        .WriteTo(output, row => row.Seller);

    /// <summary>The average of a seller.</summary>
    /// <param name="Seller">The seller.</param>
    /// <param name="Average">In cents, cut off.</param>
    public readonly record struct Row(long Seller, long Average) : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Seller);
            text.Add(Average);
        }
    }

    private sealed class AverageOfLast : KeyedProcessFunction<long, Winner, Change<Row>>
    {
        // At most ten, in the order in which their auctions close.
        private IListState<Winner> _last = null!;

        public override void Open(RuntimeContext context) =>
            _last = context.GetState(new ListStateDescriptor<Winner>("last"));

        public override void ProcessElement(Winner value, Context context, ICollector<Change<Row>> output)
        {
            List<Winner> before = [.. _last];
            int place = before.FindLastIndex(earlier => ClosesBefore(earlier, value)) + 1;
            List<Winner> after = [.. before];
            after.Insert(place, value);
            if (after.Count > Last)
            {
                after.RemoveAt(0);
            }

            _last.Update(after);
            output.EmitUpdate(RowOf(value, before), before.Count > 0, RowOf(value, after));
        }

        // By id where two close at the same time: the order in which winners come here makes no difference.
        private static bool ClosesBefore(in Winner earlier, in Winner later) =>
            (earlier.Opening.Expires, earlier.Auction).CompareTo((later.Opening.Expires, later.Auction)) < 0;

        private static Row RowOf(in Winner winner, List<Winner> last) => new(
            winner.Opening.Seller,
            last.Count == 0 ? 0 : last.Sum(one => one.Offer.Price) / last.Count);
    }
}
