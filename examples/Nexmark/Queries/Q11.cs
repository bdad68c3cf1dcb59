using Millrace.DataStream;
using Millrace.Examples.Nexmark.Bids;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;
using Millrace.State;

namespace Millrace.Examples.Nexmark.Queries;

/// <summary>Sessions of each bidder, ended by a gap of more than 10 s.</summary>
public sealed class Q11 : INexmarkQuery
{
    private const long Gap = 10_000;

    /// <inheritdoc/>
    public void Define(DataStream<Event> events, QueryOutput output)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(output);
        output.Write(
            events.Filter<BidsOnly>(default)
                .Map<ToBidTime, BidTime>(default)
                .KeyBy(bid => bid.Bidder)
                .Process(new Sessions()).WithUid("sessions"));
    }

    /// <summary>What is looked at of a bid.</summary>
    /// <param name="Bidder">Who bids.</param>
    /// <param name="Time">Event time, in milliseconds.</param>
    public readonly record struct BidTime(long Bidder, long Time);

    /// <summary>A session of a bidder.</summary>
    /// <param name="Bidder">Who bids.</param>
    /// <param name="Bids">How often.</param>
    /// <param name="Start">Time of the first bid, in milliseconds.</param>
    /// <param name="End">Time of the last bid and the gap behind it: a bid at this time still belongs here.</param>
    public readonly record struct Row(long Bidder, long Bids, long Start, long End) : IResultRow
    {
        /// <summary>Both in one.</summary>
        public Row And(Row other) =>
            new(Bidder, Bids + other.Bids, Math.Min(Start, other.Start), Math.Max(End, other.End));

        /// <summary>Whether the gap between both is short enough.</summary>
        public bool Touches(Row other) => Start <= other.End && other.Start <= End;

        /// <inheritdoc/>
        public void WriteTo(RowText text)
        {
            text.Add(Bidder);
            text.Add(Bids);
            text.Add(Start);
            text.Add(End);
        }
    }

    private readonly struct ToBidTime : IMapFunction<Event, BidTime>
    {
        public BidTime Map(Event value) => new(value.Bid.Bidder, value.Bid.Time);
    }

    private sealed class Sessions : KeyedProcessFunction<long, BidTime, Row>
    {
        // The session of the last bid, and those beside it: as good as always, there are none.
        private IValueState<Row> _latest = null!;
        private IListState<Row> _others = null!;

        public override void Open(RuntimeContext context)
        {
            _latest = context.GetState(new ValueStateDescriptor<Row>("latest"));
            _others = context.GetState(new ListStateDescriptor<Row>("others"));
        }

        public override void ProcessElement(BidTime value, Context context, ICollector<Row> output)
        {
            Row session = new(value.Bidder, 1, value.Time, value.Time + Gap);
            if (!_latest.TryGet(out Row latest))
            {
                context.TimerService.RegisterEventTimeTimer(session.End);
            }
            else if (latest.Touches(session))
            {
                session = session.And(latest);
            }
            else
            {
                _others.Add(latest);
                context.TimerService.RegisterEventTimeTimer(session.End);
            }

            _latest.Update(_others.Count == 0 ? session : Merged(session));
        }

        // A session that has grown since its timer was set gets another one.
        public override void OnTimer(long timestamp, OnTimerContext context, ICollector<Row> output)
        {
            List<Row> left = [];
            foreach (Row session in _others)
            {
                EndOrKeep(session, timestamp, context, left, output);
            }

            _others.Update(left);
            if (_latest.TryGet(out Row latest) && !EndOrKeep(latest, timestamp, context, left, output))
            {
                _latest.Clear();
                if (left.Count > 0)
                {
                    _latest.Update(left[^1]);
                    _others.Update(left[..^1]);
                }
            }
        }

        private static bool EndOrKeep(
            in Row session, long timestamp, OnTimerContext context, List<Row> left, ICollector<Row> output)
        {
            if (session.End > timestamp)
            {
                context.TimerService.RegisterEventTimeTimer(session.End);
                left.Add(session);
                return true;
            }

            output.Emit(session);
            return false;
        }

        private Row Merged(Row session)
        {
            List<Row> apart = [];
            foreach (Row other in _others)
            {
                if (other.Touches(session))
                {
                    session = session.And(other);
                }
                else
                {
                    apart.Add(other);
                }
            }

            _others.Update(apart);
            return session;
        }
    }
}
