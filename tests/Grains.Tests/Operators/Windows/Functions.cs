using Millrace.DataStream;
using Millrace.Functions;
using Millrace.State;
using Millrace.Windowing;
using Millrace.Windowing.Triggers;

namespace Millrace.Operators.Windows;

/// <summary>Tells how often a window has fired, and how often any window of the key; the sum of each to a side
/// output.</summary>
internal sealed class CountFirings : ProcessWindowFunction<Click, string, string, TimeWindow>
{
    public static readonly OutputTag<Click> Sums = new("late");

    private static readonly ValueStateDescriptor<long> Fired = new("fired");
    private static readonly ReducingStateDescriptor<long> Total = new("total", (left, right) => left + right);

    /// <summary>Windows that have gone.</summary>
    public List<TimeWindow> Gone { get; } = [];

    public bool IsOpen { get; private set; }

    public override void Open(RuntimeContext context) => IsOpen = true;

    public override void Close() => IsOpen = false;

    public override void Process(
        string key, Context context, IEnumerable<Click> elements, ICollector<string> output)
    {
        IValueState<long> fired = context.WindowState.GetState(Fired);
        fired.Update(fired.Value + 1);
        IReducingState<long> total = context.GlobalState.GetState(Total);
        total.Add(1);
        long sum = elements.Sum(click => click.Value);
        string firings = $"{fired.Value} of {total.Value}";
        output.Emit($"{key} {context.Window.Start}: {sum}, {firings} at {context.CurrentWatermark}");
        context.Output(Sums, new Click(key, sum, context.Window.Start));
    }

    public override void Clear(Context context)
    {
        Gone.Add(context.Window);
        context.WindowState.GetState(Fired).Clear();
    }
}

/// <summary>The one result of an aggregate in front of it, with its window.</summary>
internal sealed class Single<T> : ProcessWindowFunction<T, string, string, TimeWindow>
{
    public override void Process(string key, Context context, IEnumerable<T> elements, ICollector<string> output) =>
        output.Emit($"{key} {context.Window.Start}: {elements.Single()}");
}

/// <summary>Adds up values.</summary>
internal sealed class SumOfValues : IAggregateFunction<Click, long, long>
{
    public long CreateAccumulator() => 0;

    public long Add(Click value, long accumulator) => accumulator + value.Value;

    public long GetResult(long accumulator) => accumulator;

    public long Merge(long left, long right) => left + right;
}

/// <summary>A window of the tests' own: for all values up to a bound.</summary>
internal readonly record struct Bracket(long Most) : IWindow
{
    public long MaxTimestamp => long.MaxValue;
}

/// <summary>Brackets of ten values each; those that meet become one.</summary>
internal sealed class Brackets(bool isMerging) : WindowAssigner<Click, Bracket>
{
    public override bool IsEventTime => true;

    public override Trigger DefaultTrigger => CountTrigger.Of(2);

    public override bool IsMerging => isMerging;

    public override void AssignWindows(Click element, long timestamp, ICollector<Bracket> windows) =>
        windows.Emit(new Bracket((element.Value / 10 * 10) + 9));

    public override bool TryMerge(Bracket left, Bracket right, out Bracket merged)
    {
        merged = new Bracket(Math.Max(left.Most, right.Most));
        return Math.Abs(left.Most - right.Most) <= 10;
    }
}

/// <summary>Fires at each record with a certain value, and purges when that is negative.</summary>
internal sealed class FiresAt(long value) : Trigger<Click, TimeWindow>
{
    public override TriggerResult OnElement(Click element, long timestamp, TimeWindow window, TriggerContext context) =>
        element.Value == value ? TriggerResult.Fire
        : element.Value < 0 ? TriggerResult.Purge
        : TriggerResult.Continue;
}

/// <summary>Fires when there are so many distinct values, in windows that may merge. Keeps the values in a list, how
/// often each has come in a map, and their sum in an accumulator, to be sure of all kinds of state.</summary>
internal sealed class FiresAtDistinct(int count) : Trigger<Click, Bracket>
{
    private static readonly ListStateDescriptor<long> Values = new("values");
    private static readonly MapStateDescriptor<long, int> Times = new("times");
    private static readonly AggregatingStateDescriptor<Click, long, long> Sum = new("sum", new SumOfValues());

    public override bool CanMerge => true;

    public override TriggerResult OnElement(Click element, long timestamp, Bracket window, TriggerContext context)
    {
        IMapState<long, int> times = context.GetState(Times);
        times[element.Value] = times.TryGet(element.Value, out int before) ? before + 1 : 1;
        context.GetState(Sum).Add(element);
        Assert.AreEqual(context.GetState(Sum).Value, times.Sum(entry => entry.Key * entry.Value));
        IListState<long> values = context.GetState(Values);
        if (!values.Contains(element.Value))
        {
            values.Add(element.Value);
        }

        return values.Count >= count ? TriggerResult.Fire : TriggerResult.Continue;
    }

    public override void OnMerge(Bracket window, TriggerContext context)
    {
        context.MergeState(Values);
        context.GetState(Times).Clear();
        context.GetState(Sum).Clear();
    }
}
