using Millrace.Functions;
using Millrace.State;

namespace Millrace.DataStream;

/// <summary>Keeps the row that holds for each key, and emits it when event time ends.</summary>
internal sealed class LastOfEachKey<TKey, T> : KeyedProcessFunction<TKey, Change<T>, T>
{
    private const long EndOfTime = long.MaxValue;

    private IValueState<T> _row = null!;

    public override void Open(RuntimeContext context) => _row = context.GetState(new ValueStateDescriptor<T>("row"));

    public override void ProcessElement(Change<T> value, Context context, ICollector<T> output)
    {
        switch (value.Kind)
        {
            case ChangeKind.Insert or ChangeKind.UpdateAfter:
                context.TimerService.RegisterEventTimeTimer(EndOfTime);
                _row.Update(value.Row);
                break;
            case ChangeKind.Delete:
                context.TimerService.DeleteEventTimeTimer(EndOfTime);
                _row.Clear();
                break;
            default:
                // What holds instead follows at once.
                break;
        }
    }

    public override void OnTimer(long timestamp, OnTimerContext context, ICollector<T> output)
    {
        if (_row.TryGet(out T? row))
        {
            output.Emit(row);
            _row.Clear();
        }
    }
}
