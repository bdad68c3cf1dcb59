using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Functions.Connected;
using Millrace.State;

namespace Millrace.Connected;

/// <summary>Counts the records of each key on both sides, and says so when time is at its end.</summary>
internal sealed class CountBoth : KeyedCoProcessFunction<long, long, string, string>
{
    private IValueState<long> _left = null!;
    private IValueState<long> _right = null!;

    public override void Open(RuntimeContext context)
    {
        _left = context.GetState(new ValueStateDescriptor<long>("left"));
        _right = context.GetState(new ValueStateDescriptor<long>("right"));
    }

    public override void ProcessLeft(long value, Context context, ICollector<string> output)
    {
        context.TimerService.RegisterEventTimeTimer(long.MaxValue);
        _left.Update(_left.Value + 1);
    }

    public override void ProcessRight(string value, Context context, ICollector<string> output)
    {
        context.TimerService.RegisterEventTimeTimer(long.MaxValue);
        _right.Update(_right.Value + 1);
        context.Output(new OutputTag<string>("seen"), value);
    }

    public override void OnTimer(long timestamp, OnTimerContext context, ICollector<string> output) =>
        output.Emit($"{context.CurrentKey}: {_left.Value} and {_right.Value}");
}

/// <summary>Gives each number of the first stream as often as the second one says, once that is known: what comes
/// earlier waits in state.</summary>
internal sealed class Repeats : ICoFlatMapFunction<long, (long Key, int Times), long>, IRichFunction
{
    private IListState<long> _waiting = null!;
    private IValueState<int> _times = null!;

    public void Open(RuntimeContext context)
    {
        _waiting = context.GetState(new ListStateDescriptor<long>("waiting"));
        _times = context.GetState(new ValueStateDescriptor<int>("times"));
    }

    public void Close()
    {
    }

    public void FlatMapLeft(long value, ICollector<long> output)
    {
        if (_times.Value == 0)
        {
            _waiting.Add(value);
            return;
        }

        Emit(value, output);
    }

    public void FlatMapRight((long Key, int Times) value, ICollector<long> output)
    {
        _times.Update(value.Times);
        foreach (long waiting in _waiting)
        {
            Emit(waiting, output);
        }

        _waiting.Clear();
    }

    private void Emit(long value, ICollector<long> output)
    {
        for (int i = 0; i < _times.Value; i++)
        {
            output.Emit(value);
        }
    }
}

/// <summary>Passes both streams on, and checks that no record comes behind a watermark that says it would
/// not.</summary>
internal sealed class Passing : CoProcessFunction<long, long, long>
{
    public override void ProcessLeft(long value, Context context, ICollector<long> output) =>
        Pass(value, context, output);

    public override void ProcessRight(long value, Context context, ICollector<long> output) =>
        Pass(value, context, output);

    private static void Pass(long value, Context context, ICollector<long> output)
    {
        if (context.Timestamp != value || context.CurrentWatermark >= value)
        {
            throw new InvalidOperationException(
                $"Record {value} has timestamp {context.Timestamp} at watermark {context.CurrentWatermark}.");
        }

        output.Emit(value);
    }
}
