using Millrace.Batches;
using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Graph.Processing;
using Millrace.Operators.Keyed;
using Millrace.Operators.Outputs;
using Millrace.Operators.Timers;
using Millrace.State;
using Millrace.State.OperatorStates;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Process;

/// <summary>A process function with keyed state and timers.</summary>
internal sealed class KeyedProcessOperator<TKey, TIn, TOut>
    : ProcessingOperator<TIn, TOut>, ITimerTarget<TKey, VoidNamespace>
{
    private const string TimersName = "timers";

    private readonly KeyedStateBackend<TKey> _state;
    private readonly OperatorStateBackend _operatorStates;
    private readonly OperatorTimers<TKey, VoidNamespace> _timers;
    private readonly Func<TIn, TKey> _keySelector;
    private readonly UnitContext _context;
    private readonly TimerContext _timerContext;
    private readonly KeysAhead<TKey>? _ahead;
    private KeyedProcessFunction<TKey, TIn, TOut> _function;

    public KeyedProcessOperator(
        KeyedProcessTransformation<TKey, TIn, TOut> transformation,
        KeyedStateBackend<TKey> state,
        ISubtaskLoop loop,
        RoundClock clock,
        Output<TOut> output,
        SideOutputs sides)
        : base(transformation.Name, output, sides)
    {
        _state = state;
        _operatorStates = new OperatorStateBackend(transformation.Name, state.Settings.Serializers);
        _function = transformation.Function;
        _keySelector = transformation.KeySelector;
        _ahead = KeysAhead<TKey>.Of(transformation.Name, state);
        _timers = new OperatorTimers<TKey, VoidNamespace>(TimersName, state.Settings.Serializers, loop, clock, this);
        var service = new LoopTimerService<TKey>(state, _timers);
        _context = new UnitContext(state, service, sides);
        _timerContext = new TimerContext(state, service, sides);
    }

    public override void Restore(IReadOnlyList<OperatorSnapshot> snapshots)
    {
        _state.Restore([.. snapshots.Select(snapshot => snapshot.Keyed)]);
        _operatorStates.Restore([.. snapshots.Select(snapshot => snapshot.Unkeyed)]);
        _timers.Restore(OperatorSnapshot.WatermarkOf(snapshots));
    }

    public override FrozenOperator Freeze(in SnapshotOrder order)
    {
        UserFunction.PrepareSnapshot(ref _function);
        return new FrozenOperator
        {
            Keyed = _state.Freeze(in order),
            Unkeyed = _operatorStates.Freeze(),
            Watermark = _timers.Watermark,
        };
    }

    public override void CheckpointCompleted(long checkpoint) => _state.Completed(checkpoint);

    public override void Open(Func<string, RuntimeContext> contextOf)
    {
        _state.Register(_timers.EventTime);
        _state.Register(_timers.ProcessingTime);
        RuntimeContext subtask = contextOf(Name);
        _operatorStates.Open(subtask.SubtaskIndex, subtask.Parallelism);
        UserFunction.Open(ref _function, new KeyedRuntimeContext(subtask, _state.Keyed, _operatorStates));
        _timers.ScheduleWakeUp();
    }

    public override int Process(RecordBatch<TIn> batch, int start, int end)
    {
        ulong[]? carried = batch.Hashes;
        int position = start;
        _ahead?.Begin();
        for (; position < end && CanTake; position++)
        {
            Record = position;
            TIn record = batch[position];
            if (_ahead is not null)
            {
                _ahead.SetKey(batch, position, end, _keySelector);
            }
            else
            {
                TKey key = KeyOf(record);
                _state.SetKey(in key, carried is null ? _state.Hasher.Hash(in key) : carried[position]);
            }

            _context.At = Begin(batch, position);
            _function.ProcessElement(record, _context, Collector);
        }

        _state.ClearKey();
        return position;
    }

    public override bool TryTakeByKey() => _timers.EndWithKeys = true;

    public override bool EndKeys()
    {
        if (!_timers.FireAll())
        {
            return false;
        }

        _state.ForgetAll();
        return true;
    }

    public void OnEventTime(in TimerKey<TKey, VoidNamespace> timer) =>
        Fire(in timer, TimeDomain.EventTime, timer.Time);

    public void OnProcessingTime(in TimerKey<TKey, VoidNamespace> timer) =>
        Fire(in timer, TimeDomain.ProcessingTime, RecordBatch.NoTimestamp);

    public override void Dispose()
    {
        base.Dispose();
        _state.Dispose();
        UserFunction.Close(ref _function);
    }

    protected override bool FireEventTime(long watermark) => _timers.Advance(watermark);

    protected override void FireProcessingTime() => _timers.FireProcessingTime();

    private TKey KeyOf(TIn record)
    {
        TKey key = _keySelector(record);
        return key is null ? throw new InvalidOperationException($"The key of '{Name}' is null.") : key;
    }

    private void Fire(in TimerKey<TKey, VoidNamespace> timer, TimeDomain domain, long timestamp)
    {
        _state.SetKey(in timer.Key, _state.Hasher.Hash(in timer.Key));
        _timerContext.Begin(domain, Begin(timestamp));
        _function.OnTimer(timer.Time, _timerContext, Collector);
        _state.ClearKey();
    }

    private sealed class UnitContext(KeyedStateBackend<TKey> state, ITimerService timers, SideOutputs sides)
        : KeyedProcessFunction<TKey, TIn, TOut>.Context
    {
        public long? At { get; set; }

        public override TKey CurrentKey => state.CurrentKey;

        public override long? Timestamp => At;

        public override ITimerService TimerService => timers;

        public override void Output<T>(OutputTag<T> tag, T value) => sides.Emit(tag, value);
    }

    private sealed class TimerContext(KeyedStateBackend<TKey> state, ITimerService timers, SideOutputs sides)
        : KeyedProcessFunction<TKey, TIn, TOut>.OnTimerContext
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
