using Millrace.Functions;
using Millrace.Functions.Connected;
using Millrace.State;

namespace Millrace.Examples;

/// <summary>Compares each reading with the rule that holds at its time.</summary>
/// <remarks>A reading waits until time has come so far on both streams: then every rule that holds for it is known,
/// whichever stream was faster, and the result is the same each time.</remarks>
public sealed class AboveLimit : KeyedBroadcastProcessFunction<string, SensorReading, LimitRule, SensorAlarm>
{
    /// <summary>All rules, by kind and the time from which they hold. They are few.</summary>
    public static readonly MapStateDescriptor<(string Kind, long From), long> Rules = new("rules");

    private IListState<SensorReading> _waiting = null!;

    public override void Open(RuntimeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _waiting = context.GetState(new ListStateDescriptor<SensorReading>("waiting"));
    }

    public override void ProcessElement(
        SensorReading value, ReadOnlyContext context, ICollector<SensorAlarm> output)
    {
        ArgumentNullException.ThrowIfNull(context);
        _waiting.Add(value);
        context.TimerService.RegisterEventTimeTimer(value.Time);
    }

    public override void ProcessBroadcastElement(LimitRule value, Context context, ICollector<SensorAlarm> output)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.GetBroadcastState(Rules).Put((value.Kind, value.From), value.Limit);
    }

    public override void OnTimer(long timestamp, OnTimerContext context, ICollector<SensorAlarm> output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        SensorReading[] waiting = [.. _waiting];
        foreach (SensorReading reading in waiting.Where(reading => reading.Time <= timestamp))
        {
            if (LimitOf(reading, context.GetBroadcastState(Rules)) is long limit && reading.Value > limit)
            {
                output.Emit(new SensorAlarm(reading.Sensor, reading.Value, limit, reading.Time));
            }
        }

        _waiting.Update(waiting.Where(reading => reading.Time > timestamp));
    }

    private static long? LimitOf(
        SensorReading reading, IReadOnlyBroadcastState<(string Kind, long From), long> rules) => rules
        .Where(rule => rule.Key.Kind == reading.Kind && rule.Key.From <= reading.Time)
        .OrderByDescending(rule => rule.Key.From)
        .Select(rule => (long?)rule.Value)
        .FirstOrDefault();
}
