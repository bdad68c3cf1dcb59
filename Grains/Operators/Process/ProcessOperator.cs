using Millrace.Batches;
using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Operators.Outputs;
using Millrace.State.OperatorStates;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Process;

/// <summary>A process function without keys.</summary>
internal sealed class ProcessOperator<TIn, TOut> : ProcessingOperator<TIn, TOut>
{
    private readonly ElementContext _context;
    private readonly OperatorStateBackend _states;
    private ProcessFunction<TIn, TOut> _function;

    public ProcessOperator(
        string name,
        ProcessFunction<TIn, TOut> function,
        OperatorStateBackend states,
        TimeProvider time,
        Output<TOut> output,
        SideOutputs sides)
        : base(name, output, sides)
    {
        _function = function;
        _states = states;
        _context = new ElementContext(time, sides);
    }

    public override void Restore(IReadOnlyList<OperatorSnapshot> snapshots)
    {
        _states.Restore([.. snapshots.Select(snapshot => snapshot.Unkeyed)]);
        _context.Watermark = OperatorSnapshot.WatermarkOf(snapshots);
    }

    public override FrozenOperator Freeze(in SnapshotOrder order)
    {
        UserFunction.PrepareSnapshot(ref _function);
        return new FrozenOperator
        {
            Unkeyed = _states.Freeze(),
            Watermark = _context.Watermark,
        };
    }

    public override void Open(Func<string, RuntimeContext> contextOf) =>
        UserFunction.Open(ref _function, OperatorRuntimeContext.Open(contextOf(Name), _states));

    public override int Process(RecordBatch<TIn> batch, int start, int end)
    {
        int position = start;
        for (; position < end && CanTake; position++)
        {
            Record = position;
            _context.At = Begin(batch, position);
            _function.ProcessElement(batch[position], _context, Collector);
        }

        return position;
    }

    public override void Dispose()
    {
        base.Dispose();
        UserFunction.Close(ref _function);
    }

    protected override bool FireEventTime(long watermark)
    {
        _context.Watermark = Math.Max(_context.Watermark, watermark);
        return true;
    }

    protected override void FireProcessingTime()
    {
        // Without keys there are no timers.
    }

    private sealed class ElementContext(TimeProvider time, SideOutputs sides) : ProcessFunction<TIn, TOut>.Context
    {
        public long? At { get; set; }

        public long Watermark { get; set; } = long.MinValue;

        public override long? Timestamp => At;

        public override long CurrentWatermark => Watermark;

        public override long CurrentProcessingTime => time.GetUtcNow().ToUnixTimeMilliseconds();

        public override void Output<T>(OutputTag<T> tag, T value) => sides.Emit(tag, value);
    }
}
