using Millrace.DataStream;
using Millrace.Functions;
using Millrace.State;

namespace Millrace.Operators.Process;

/// <summary>Sums the values of a key and emits the sum when the watermark reaches the end of each value's tens; a
/// negative value takes the timer of its absolute value back.</summary>
internal sealed class SumOfTens : KeyedProcessFunction<string, (string Key, long Value), string>
{
    private IValueState<long> _sum = null!;
    private IListState<long> _ends = null!;

    public override void Open(RuntimeContext context)
    {
        _sum = context.GetState(new ValueStateDescriptor<long>("sum"));
        _ends = context.GetState(new ListStateDescriptor<long>("ends"));
    }

    public override void ProcessElement((string Key, long Value) value, Context context, ICollector<string> output)
    {
        long end = ((Math.Abs(value.Value) / 10) + 1) * 10;
        if (value.Value < 0)
        {
            context.TimerService.DeleteEventTimeTimer(end);
            output.Emit($"{context.CurrentKey}: not at {end}");
            return;
        }

        _sum.Update(_sum.Value + value.Value);
        context.TimerService.RegisterEventTimeTimer(end);
    }

    public override void OnTimer(long timestamp, OnTimerContext context, ICollector<string> output)
    {
        Assert.AreEqual(TimeDomain.EventTime, context.TimeDomain);
        Assert.AreEqual(timestamp, context.Timestamp);
        _ends.Add(timestamp);
        output.Emit($"{context.CurrentKey}: {_sum.Value} at {string.Join('+', _ends)}");
    }
}

/// <summary>Keeps the values of a key until the watermark has passed the first of them by ten, emits their number, and
/// forgets them.</summary>
internal sealed class CountUntilLater : KeyedProcessFunction<string, (string Key, long Value), string>
{
    private IListState<long> _values = null!;

    public override void Open(RuntimeContext context) =>
        _values = context.GetState(new ListStateDescriptor<long>("values"));

    public override void ProcessElement((string Key, long Value) value, Context context, ICollector<string> output)
    {
        if (_values.Count == 0)
        {
            context.TimerService.RegisterEventTimeTimer(value.Value + 10);
        }

        _values.Add(value.Value);
    }

    public override void OnTimer(long timestamp, OnTimerContext context, ICollector<string> output)
    {
        output.Emit($"{context.CurrentKey}: {_values.Count}");
        _values.Clear();
    }
}

/// <summary>Emits with each record of a key how many there were.</summary>
internal sealed class RunningCount : KeyedProcessFunction<string, string, string>
{
    private IValueState<int> _count = null!;

    public override void Open(RuntimeContext context) =>
        _count = context.GetState(new ValueStateDescriptor<int>("count"));

    public override void ProcessElement(string value, Context context, ICollector<string> output)
    {
        _count.Update(_count.Value + 1);
        output.Emit($"{context.CurrentKey}: {_count.Value}");
    }
}

/// <summary>Emits a key and says so again after its value in milliseconds, once for each time.</summary>
internal sealed class Reminder : KeyedProcessFunction<string, (string Key, long Value), string>
{
    public override void ProcessElement((string Key, long Value) value, Context context, ICollector<string> output)
    {
        context.TimerService.RegisterProcessingTimeTimer(context.TimerService.CurrentProcessingTime + value.Value);
        if (value.Value == 0)
        {
            context.TimerService.DeleteProcessingTimeTimer(100);
        }
    }

    public override void OnTimer(long timestamp, OnTimerContext context, ICollector<string> output)
    {
        Assert.AreEqual(TimeDomain.ProcessingTime, context.TimeDomain);
        output.Emit($"{context.CurrentKey} at {timestamp}");
    }
}

/// <summary>Emits even values to the main output, odd ones to a side output.</summary>
internal sealed class Parity : KeyedProcessFunction<string, (string Key, long Value), string>
{
    public override void ProcessElement((string Key, long Value) value, Context context, ICollector<string> output)
    {
        if (value.Value % 2 == 0)
        {
            output.Emit(value.Key);
            return;
        }

        context.Output(new OutputTag<long>("odd"), value.Value);
        context.Output(new OutputTag<string>("unused"), value.Key);
    }
}
