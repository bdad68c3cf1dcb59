using Millrace.Functions;
using Millrace.Functions.Connected;
using Millrace.Operators.Joins;
using Millrace.Operators.TwoInputs;
using Millrace.State;

namespace Millrace.Operators.Connected;

/// <summary>What a broadcast stream says: a rule to have, to forget at weight 0, or to begin anew with at -1.</summary>
internal readonly record struct Rule(string Name, int Weight)
{
    /// <summary>Some rules with times.</summary>
    public static (Rule Value, long Time)[] Some(int seed, int count)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, count)
                .Select(i => (new Rule($"r{random.Next(6)}", random.Next(-1, 4)), 1_000L + (i * 7) + random.Next(25))),
        ];
    }

    /// <summary>Rules in an order that does not depend on how they came.</summary>
    public static string Text(IEnumerable<KeyValuePair<string, int>> rules) => string.Join(
        "+", rules.OrderBy(rule => rule.Key, StringComparer.Ordinal).Select(rule => $"{rule.Key}*{rule.Value}"));
}

/// <summary>Sums up by key what each record weighs under the rules of its moment, and says so at the end of its tens. A
/// rule of weight -1 makes all sums begin anew.</summary>
internal sealed class SumUnderRules : KeyedBroadcastProcessFunction<int, Mark, Rule, string>
{
    public static readonly MapStateDescriptor<string, int> Rules = new("rules");

    private static readonly ValueStateDescriptor<long> SumName = new("sum");

    private IValueState<long> _sum = null!;

    public override void Open(RuntimeContext context) => _sum = context.GetState(SumName);

    public override void ProcessElement(Mark value, ReadOnlyContext context, ICollector<string> output)
    {
        IReadOnlyBroadcastState<string, int> rules = context.GetBroadcastState(Rules);
        _sum.Update(_sum.Value + rules.Sum(rule => rule.Value));
        context.TimerService.RegisterEventTimeTimer(EndOf(value.Time));
        output.Emit($"{context.CurrentKey} {value.Time} {Rule.Text(rules)} {context.TimerService.CurrentWatermark}");
    }

    public override void ProcessBroadcastElement(Rule value, Context context, ICollector<string> output)
    {
        IBroadcastState<string, int> rules = context.GetBroadcastState(Rules);
        if (value.Weight > 0)
        {
            rules.Put(value.Name, value.Weight);
            return;
        }

        rules.Remove(value.Name);
        if (value.Weight < 0)
        {
            context.ApplyToKeyedState(SumName, (key, sum) =>
            {
                output.Emit($"{key} anew from {sum.Value} at {context.Timestamp} {context.CurrentWatermark}");
                sum.Clear();
            });
        }
    }

    public override void OnTimer(long timestamp, OnTimerContext context, ICollector<string> output) =>
        output.Emit($"{context.CurrentKey} by {timestamp}: {_sum.Value} {Rule.Text(context.GetBroadcastState(Rules))}");

    /// <summary>The same in plain code.</summary>
    public static IReadOnlyList<string> Model(IReadOnlyList<TwoInputStep<Mark, Rule>> steps)
    {
        SortedDictionary<string, int> rules = new(StringComparer.Ordinal);
        SortedDictionary<int, long> sums = [];
        SortedSet<(long Time, int Key)> timers = [];
        long watermark = long.MinValue;
        List<string> results = [];
        foreach (TwoInputStep<Mark, Rule> step in steps)
        {
            switch (step.Input)
            {
                case 0:
                    sums[step.Left.Key] = sums.GetValueOrDefault(step.Left.Key) + rules.Values.Sum();
                    timers.Add((EndOf(step.Time), step.Left.Key));
                    results.Add($"{step.Left.Key} {step.Time} {Rule.Text(rules)} {watermark}");
                    break;
                case 1 when step.Right.Weight > 0:
                    rules[step.Right.Name] = step.Right.Weight;
                    break;
                case 1:
                    rules.Remove(step.Right.Name);
                    if (step.Right.Weight < 0)
                    {
                        results.AddRange(sums.Select(sum =>
                            $"{sum.Key} anew from {sum.Value} at {step.Time} {watermark}"));
                        sums.Clear();
                    }

                    break;
                default:
                    watermark = step.Time;
                    while (timers.Count > 0 && timers.Min.Time <= watermark)
                    {
                        (long time, int key) = timers.Min;
                        timers.Remove(timers.Min);
                        results.Add($"{key} by {time}: {sums.GetValueOrDefault(key)} {Rule.Text(rules)}");
                    }

                    break;
            }
        }

        return results;
    }

    private static long EndOf(long time) => ((time / 10) + 1) * 10;
}

/// <summary>Says of each record which rules there were.</summary>
internal sealed class NameRules : BroadcastProcessFunction<Mark, Rule, string>
{
    public override void ProcessElement(Mark value, ReadOnlyContext context, ICollector<string> output) =>
        output.Emit(
            $"{value} {Rule.Text(context.GetBroadcastState(SumUnderRules.Rules))} {context.CurrentWatermark}");

    public override void ProcessBroadcastElement(Rule value, Context context, ICollector<string> output)
    {
        IBroadcastState<string, int> rules = context.GetBroadcastState(SumUnderRules.Rules);
        if (value.Weight < 0)
        {
            rules.Clear();
            return;
        }

        rules.Put(value.Name, value.Weight);
    }

    /// <summary>The same in plain code.</summary>
    public static IReadOnlyList<string> Model(IReadOnlyList<TwoInputStep<Mark, Rule>> steps)
    {
        Dictionary<string, int> rules = [];
        long watermark = long.MinValue;
        List<string> results = [];
        foreach (TwoInputStep<Mark, Rule> step in steps)
        {
            switch (step.Input)
            {
                case 0:
                    results.Add($"{step.Left} {Rule.Text(rules)} {watermark}");
                    break;
                case 1 when step.Right.Weight < 0:
                    rules.Clear();
                    break;
                case 1:
                    rules[step.Right.Name] = step.Right.Weight;
                    break;
                default:
                    watermark = step.Time;
                    break;
            }
        }

        return results;
    }
}
