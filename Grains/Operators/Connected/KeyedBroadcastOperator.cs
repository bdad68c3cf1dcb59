using Millrace.Batches;
using Millrace.Functions;
using Millrace.Functions.Connected;
using Millrace.Operators.Timers;
using Millrace.State;

namespace Millrace.Operators.Connected;

/// <summary>A process function of a keyed stream and a broadcast stream: state and timers by key on one side, and one
/// copy of what the other side says.</summary>
internal sealed class KeyedBroadcastOperator<TKey, TIn, TBroadcast, TOut>
    : KeyedTwoInputOperator<TKey, TIn, TBroadcast, TOut>
{
    private readonly Func<TIn, TKey> _keySelector;
    private readonly KeyedBroadcastProcessFunction<TKey, TIn, TBroadcast, TOut> _function;
    private readonly BroadcastStates _broadcast;
    private readonly KeyedBroadcastContexts<TKey, TIn, TBroadcast, TOut> _contexts;

    /// <param name="parts">What it is made from.</param>
    /// <param name="keySelector">Takes the key out of a record of the keyed stream.</param>
    /// <param name="function">The user's.</param>
    /// <param name="states">The broadcast states there are.</param>
    public KeyedBroadcastOperator(
        KeyedOperatorParts<TKey, TOut> parts,
        Func<TIn, TKey> keySelector,
        KeyedBroadcastProcessFunction<TKey, TIn, TBroadcast, TOut> function,
        IReadOnlyList<MapStateDescriptor> states)
        : base(parts)
    {
        _keySelector = keySelector;
        _function = function;
        _broadcast = new BroadcastStates(Unkeyed, states);
        _contexts = new(State, new LoopTimerService<TKey>(State, Timers), _broadcast, Sides);
    }

    public override int ProcessLeft(RecordBatch<TIn> batch, int start, int end)
    {
        int position = start;
        _broadcast.IsReadOnly = true;
        Ahead?.Begin();
        for (; position < end && CanTake; position++)
        {
            Record = position;
            if (Ahead is not null)
            {
                Ahead.SetKey(batch, position, end, _keySelector);
            }
            else
            {
                SetKey(batch, position, _keySelector);
            }

            _function.ProcessElement(
                batch[position], _contexts.Record(Begin(batch, position)), Collector);
        }

        _broadcast.IsReadOnly = false;
        State.ClearKey();
        return position;
    }

    public override int ProcessRight(RecordBatch<TBroadcast> batch, int start, int end)
    {
        int position = start;
        for (; position < end && CanTake; position++)
        {
            Record = position;
            _function.ProcessBroadcastElement(
                batch[position], _contexts.Broadcast(Begin(batch, position)), Collector);
        }

        return position;
    }

    public override void Dispose()
    {
        base.Dispose();
        _function.Close();
    }

    protected override void OpenFunction(RuntimeContext context)
    {
        _broadcast.Open();
        _function.Open(context);
    }

    protected override void PrepareFunction() => UserFunction.PrepareSnapshot(_function);

    protected override void OnTimer(long time, TimeDomain domain)
    {
        _broadcast.IsReadOnly = true;
        _function.OnTimer(time, _contexts.Timer(domain, time), Collector);
        _broadcast.IsReadOnly = false;
    }
}
