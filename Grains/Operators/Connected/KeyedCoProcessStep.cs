using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Functions.Connected;
using Millrace.Operators.Outputs;
using Millrace.State;

namespace Millrace.Operators.Connected;

/// <summary>A process function of two inputs with keys.</summary>
internal readonly struct KeyedCoProcessStep<TKey, TLeft, TRight, TOut>(
    KeyedCoProcessFunction<TKey, TLeft, TRight, TOut> function,
    KeyedStateBackend<TKey> state,
    ITimerService timers,
    SideOutputs sides)
    : ICoStep<TLeft, TRight, TOut>
{
    private readonly UnitContext _unit = new(state, timers, sides);
    private readonly TimerContext _timer = new(state, timers, sides);

    public void Open(RuntimeContext context) => function.Open(context);

    public void PrepareSnapshot() => UserFunction.PrepareSnapshot(function);

    public void Close() => function.Close();

    public void Left(TLeft record, long? timestamp, UnitCollector<TOut> output)
    {
        _unit.At = timestamp;
        function.ProcessLeft(record, _unit, output);
    }

    public void Right(TRight record, long? timestamp, UnitCollector<TOut> output)
    {
        _unit.At = timestamp;
        function.ProcessRight(record, _unit, output);
    }

    public void Advance(long watermark)
    {
        // The timer service knows.
    }

    public void OnTimer(long time, TimeDomain domain, UnitCollector<TOut> output)
    {
        _timer.Begin(domain, domain == TimeDomain.EventTime ? time : null);
        function.OnTimer(time, _timer, output);
    }

    private sealed class UnitContext(KeyedStateBackend<TKey> state, ITimerService timers, SideOutputs sides)
        : KeyedCoProcessFunction<TKey, TLeft, TRight, TOut>.Context
    {
        public long? At { get; set; }

        public override TKey CurrentKey => state.CurrentKey;

        public override long? Timestamp => At;

        public override ITimerService TimerService => timers;

        public override void Output<T>(OutputTag<T> tag, T value) => sides.Emit(tag, value);
    }

    private sealed class TimerContext(KeyedStateBackend<TKey> state, ITimerService timers, SideOutputs sides)
        : KeyedCoProcessFunction<TKey, TLeft, TRight, TOut>.OnTimerContext
    {
        private long? _timestamp;
        private TimeDomain _domain;

        public override TKey CurrentKey => state.CurrentKey;

        public override long? Timestamp => _timestamp;

        public override ITimerService TimerService => timers;

        public override TimeDomain TimeDomain => _domain;

        public void Begin(TimeDomain domain, long? timestamp)
        {
            _domain = domain;
            _timestamp = timestamp;
        }

        public override void Output<T>(OutputTag<T> tag, T value) => sides.Emit(tag, value);
    }
}
