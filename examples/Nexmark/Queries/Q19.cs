using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;
using Millrace.State;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>The ten highest bids of each auction, with their ranks.</summary>
public sealed class Q19 : INexmarkQuery
{
    private const int Top = 10;

    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .Bids()
        .Map<ToOffer, Offer>(default)
        .KeyBy(offer => offer.Auction)
        .Process(new Ranking()).WithUid("ranking")
        .WriteTo(output, row => (row.Auction, row.Rank));

    /// <summary>What is looked at of a bid.</summary>
    /// <param name="Auction">For what.</param>
    /// <param name="Price">In cents.</param>
    public readonly record struct Offer(long Auction, long Price);

    /// <summary>One of the highest bids of an auction.</summary>
    /// <param name="Auction">The auction.</param>
    /// <param name="Price">In cents.</param>
    /// <param name="Rank">From 1, for the highest, to 10.</param>
    public readonly record struct Row(long Auction, long Price, int Rank) : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Auction);
            text.Add(Price);
            text.Add(Rank);
        }
    }

    private readonly struct ToOffer : IMapFunction<Event, Offer>
    {
        public Offer Map(Event value) => new(value.Bid.Auction, value.Bid.Price);
    }

    private sealed class Ranking : KeyedProcessFunction<long, Offer, Change<Row>>
    {
        // At most ten, the highest first.
        private IListState<long> _prices = null!;

        public override void Open(RuntimeContext context) =>
            _prices = context.GetState(new ListStateDescriptor<long>("prices"));

        public override void ProcessElement(Offer value, Context context, ICollector<Change<Row>> output)
        {
            int count = _prices.Count;
            if (count == Top && value.Price <= _prices[Top - 1])
            {
                return;
            }

            List<long> prices = [.. _prices];
            int rank = prices.FindIndex(price => price < value.Price);
            rank = rank < 0 ? count : rank;
            prices.Insert(rank, value.Price);
            EmitRanks(value.Auction, prices, rank, output);
            _prices.Update(prices.Count > Top ? prices[..Top] : prices);
        }

        // All that stood behind it are one rank further now.
        private static void EmitRanks(long auction, List<long> prices, int first, ICollector<Change<Row>> output)
        {
            for (int i = first; i < Math.Min(prices.Count, Top); i++)
            {
                bool isTaken = i + 1 < prices.Count;
                Row before = new(auction, isTaken ? prices[i + 1] : 0, i + 1);
                output.EmitUpdate(before, isTaken, new Row(auction, prices[i], i + 1));
            }
        }
    }
}
