using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;
using Millrace.State;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Persons who open an auction in the window of 10 s in which they appear.</summary>
public sealed class Q8 : INexmarkQuery
{
    private const long Window = 10_000;

    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(output);
        output.Write(
            events.Filter<PersonsAndAuctions>(default)
                .Map<ToDeed, Deed>(default)
                .KeyBy(deed => (deed.Person, deed.WindowStart))
                .Process(new NewSellers()).WithUid("join"));
    }

    /// <summary>What somebody does in a window: appears, or opens an auction.</summary>
    /// <param name="Person">Who.</param>
    /// <param name="WindowStart">In milliseconds of event time.</param>
    /// <param name="Name">When appearing, under which name.</param>
    public readonly record struct Deed(long Person, long WindowStart, string? Name);

    /// <summary>A new seller.</summary>
    /// <param name="Id">Of the person.</param>
    /// <param name="Name">Of the person.</param>
    /// <param name="WindowStart">In milliseconds of event time.</param>
    public readonly record struct Row(long Id, string Name, long WindowStart) : IResultRow
    {
        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Id);
            text.Add(Name);
            text.Add(WindowStart);
        }
    }

    private readonly struct PersonsAndAuctions : IFilterFunction<Event>
    {
        public bool Filter(Event value) => !value.IsBid;
    }

    private readonly struct ToDeed : IMapFunction<Event, Deed>
    {
        public Deed Map(Event value)
        {
            long windowStart = value.Time - (value.Time % Window);
            return value.Person is { } person
                ? new Deed(person.Id, windowStart, person.Name)
                : new Deed(value.Auction!.Seller, windowStart, null);
        }
    }

    private sealed class NewSellers : KeyedProcessFunction<(long Person, long WindowStart), Deed, Row>
    {
        private IValueState<string> _name = null!;
        private IValueState<bool> _sells = null!;

        public override void Open(RuntimeContext context)
        {
            _name = context.GetState(new ValueStateDescriptor<string>("name"));
            _sells = context.GetState(new ValueStateDescriptor<bool>("sells"));
        }

        public override void ProcessElement(Deed value, Context context, ICollector<Row> output)
        {
            context.TimerService.RegisterEventTimeTimer(value.WindowStart + Window - 1);
            if (value.Name is not null)
            {
                _name.Update(value.Name);
            }
            else if (_sells.Value)
            {
                // A seller counts once, however many auctions it opens.
                return;
            }
            else
            {
                _sells.Update(true);
            }

            if (_sells.Value && _name.TryGet(out string? name))
            {
                output.Emit(new Row(value.Person, name, value.WindowStart));
            }
        }

        public override void OnTimer(long timestamp, OnTimerContext context, ICollector<Row> output)
        {
            _name.Clear();
            _sells.Clear();
        }
    }
}
