using Millrace.Functions;
using Millrace.State;

namespace Millrace.Examples.Nexmark.Winners;

/// <summary>Waits for the end of each auction and tells who has won it.</summary>
/// <remarks>A bid may come before its auction does. It waits until event time has passed it: an auction that is not
/// open by then cannot be won by it. So nothing is kept of an auction but from its first bid to its expiry.</remarks>
internal sealed class WinnerOfAuction : KeyedProcessFunction<long, AuctionEvent, Winner>
{
    private IValueState<Opening> _opening = null!;
    private IValueState<Offer> _best = null!;
    private IListState<Offer> _waiting = null!;

    public override void Open(RuntimeContext context)
    {
        _opening = context.GetState(new ValueStateDescriptor<Opening>("opening"));
        _best = context.GetState(new ValueStateDescriptor<Offer>("best"));
        _waiting = context.GetState(new ListStateDescriptor<Offer>("waiting"));
    }

    public override void ProcessElement(AuctionEvent value, Context context, ICollector<Winner> output)
    {
        ITimerService timers = context.TimerService;
        if (value.IsOpening)
        {
            _opening.Update(value.Opening);
            timers.RegisterEventTimeTimer(value.Opening.Expires);
            foreach (Offer waiting in _waiting)
            {
                Consider(value.Opening, waiting);
            }

            _waiting.Clear();
        }
        else if (_opening.TryGet(out Opening opening))
        {
            Consider(opening, value.Offer);
        }
        else if (value.Offer.Time > timers.CurrentWatermark)
        {
            _waiting.Add(value.Offer);
            timers.RegisterEventTimeTimer(value.Offer.Time);
        }
    }

    public override void OnTimer(long timestamp, OnTimerContext context, ICollector<Winner> output)
    {
        if (!_opening.TryGet(out Opening opening))
        {
            GiveUpWaiting(timestamp);
        }
        else if (timestamp >= opening.Expires)
        {
            if (_best.TryGet(out Offer best))
            {
                output.Emit(new Winner(context.CurrentKey, opening, best));
            }

            _opening.Clear();
            _best.Clear();
        }
    }

    private void Consider(in Opening opening, in Offer offer)
    {
        if (offer.Time < opening.Time || offer.Time > opening.Expires)
        {
            return;
        }

        if (!_best.TryGet(out Offer best) || Beats(offer, best))
        {
            _best.Update(offer);
        }
    }

    // By number in the end, so that the order in which bids come makes no difference.
    private static bool Beats(in Offer offer, in Offer best) => offer.Price != best.Price
        ? offer.Price > best.Price
        : (offer.Time, offer.Number).CompareTo((best.Time, best.Number)) < 0;

    private void GiveUpWaiting(long timestamp)
    {
        List<Offer> left = [.. _waiting];
        left.RemoveAll(offer => offer.Time <= timestamp);
        _waiting.Update(left);
    }
}
