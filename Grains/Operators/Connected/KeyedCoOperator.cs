using Millrace.Batches;
using Millrace.Functions;
using Millrace.Graph.Connecting;
using Millrace.Operators.Timers;

namespace Millrace.Operators.Connected;

/// <summary>A function of two inputs with keys.</summary>
internal sealed class KeyedCoOperator<TKey, TLeft, TRight, TOut, TStep>
    : KeyedTwoInputOperator<TKey, TLeft, TRight, TOut>
    where TStep : struct, ICoStep<TLeft, TRight, TOut>
{
    private readonly Func<TLeft, TKey> _leftKey;
    private readonly Func<TRight, TKey> _rightKey;
    private readonly TStep _step;

    /// <param name="parts">What it is made from.</param>
    /// <param name="keys">How its inputs are keyed.</param>
    /// <param name="stepOf">What is done to records, given the timers of the key at work.</param>
    public KeyedCoOperator(
        KeyedOperatorParts<TKey, TOut> parts, CoKeys<TLeft, TRight, TKey> keys, Func<ITimerService, TStep> stepOf)
        : base(parts)
    {
        _leftKey = keys.Left;
        _rightKey = keys.Right;
        _step = stepOf(new LoopTimerService<TKey>(State, Timers));
    }

    public override int ProcessLeft(RecordBatch<TLeft> batch, int start, int end)
    {
        int position = start;
        Ahead?.Begin();
        for (; position < end && CanTake; position++)
        {
            Record = position;
            if (Ahead is not null)
            {
                Ahead.SetKey(batch, position, end, _leftKey);
            }
            else
            {
                SetKey(batch, position, _leftKey);
            }

            _step.Left(batch[position], Begin(batch, position), Collector);
        }

        State.ClearKey();
        return position;
    }

    public override int ProcessRight(RecordBatch<TRight> batch, int start, int end)
    {
        int position = start;
        Ahead?.Begin();
        for (; position < end && CanTake; position++)
        {
            Record = position;
            if (Ahead is not null)
            {
                Ahead.SetKey(batch, position, end, _rightKey);
            }
            else
            {
                SetKey(batch, position, _rightKey);
            }

            _step.Right(batch[position], Begin(batch, position), Collector);
        }

        State.ClearKey();
        return position;
    }

    public override void Dispose()
    {
        base.Dispose();
        _step.Close();
    }

    protected override void OpenFunction(RuntimeContext context) => _step.Open(context);

    protected override void PrepareFunction() => _step.PrepareSnapshot();

    protected override void OnTimer(long time, TimeDomain domain) => _step.OnTimer(time, domain, Collector);
}
