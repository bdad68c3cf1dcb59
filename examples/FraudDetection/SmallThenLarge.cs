using Millrace.Functions;
using Millrace.State;

namespace Millrace.Examples;

/// <summary>Keeps the last payment of a card as long as it is a small one and less than a minute old.</summary>
/// <remarks>The timer is what keeps the state small: of a card that nobody uses any more nothing is left.</remarks>
public sealed class SmallThenLarge : KeyedProcessFunction<string, Payment, Alarm>
{
    private const long Small = 1_00;
    private const long Large = 500_00;
    private const long Minute = 60_000;

    private IValueState<Payment> _probe = null!;

    public override void Open(RuntimeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _probe = context.GetState(new ValueStateDescriptor<Payment>("probe"));
    }

    public override void ProcessElement(Payment value, Context context, ICollector<Alarm> output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        if (_probe.TryGet(out Payment probe))
        {
            if (value.Cents > Large && value.Time < probe.Time + Minute)
            {
                output.Emit(new Alarm(value.Card, probe.Cents, value.Cents, value.Time));
            }

            context.TimerService.DeleteEventTimeTimer(probe.Time + Minute);
            _probe.Clear();
        }

        if (value.Cents < Small)
        {
            _probe.Update(value);
            context.TimerService.RegisterEventTimeTimer(value.Time + Minute);
        }
    }

    public override void OnTimer(long timestamp, OnTimerContext context, ICollector<Alarm> output) => _probe.Clear();
}
