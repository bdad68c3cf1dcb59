using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Examples.Nexmark.Winners;
using Millrace.Functions;
using Millrace.State;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>The average winning price of each category.</summary>
public sealed class Q4 : INexmarkQuery
{
    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output) => events
        .WinningBids()
        .KeyBy(winner => winner.Opening.Category)
        .Process(new AverageOfCategory()).WithUid("average")
        .WriteTo(output, row => row.Category);

    /// <summary>The winning prices of a category.</summary>
    /// <param name="Category">The category.</param>
    /// <param name="Auctions">How many were won.</param>
    /// <param name="Sum">Of the prices, in cents.</param>
    /// <param name="Average">In cents, cut off.</param>
    public readonly record struct Row(long Category, long Auctions, long Sum, long Average) : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Category);
            text.Add(Auctions);
            text.Add(Sum);
            text.Add(Average);
        }
    }

    private sealed class AverageOfCategory : KeyedProcessFunction<long, Winner, Change<Row>>
    {
        private IValueState<Row> _row = null!;

        public override void Open(RuntimeContext context) =>
            _row = context.GetState(new ValueStateDescriptor<Row>("row"));

        public override void ProcessElement(Winner value, Context context, ICollector<Change<Row>> output)
        {
            bool known = _row.TryGet(out Row before);
            long auctions = before.Auctions + 1;
            long sum = before.Sum + value.Offer.Price;
            Row after = new(value.Opening.Category, auctions, sum, sum / auctions);
            _row.Update(after);
            output.EmitUpdate(before, known, after);
        }
    }
}
