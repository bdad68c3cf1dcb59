using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Functions.Connected;
using Millrace.Operators.Outputs;

namespace Millrace.Operators.Connected;

/// <summary>A process function of two inputs without keys.</summary>
internal readonly struct CoProcessStep<TLeft, TRight, TOut>(
    CoProcessFunction<TLeft, TRight, TOut> function, TimeProvider time, SideOutputs sides)
    : ICoStep<TLeft, TRight, TOut>
{
    private readonly ElementContext _context = new(time, sides);

    public void Open(RuntimeContext context) => function.Open(context);

    public void PrepareSnapshot() => UserFunction.PrepareSnapshot(function);

    public void Close() => function.Close();

    public void Left(TLeft record, long? timestamp, UnitCollector<TOut> output)
    {
        _context.At = timestamp;
        function.ProcessLeft(record, _context, output);
    }

    public void Right(TRight record, long? timestamp, UnitCollector<TOut> output)
    {
        _context.At = timestamp;
        function.ProcessRight(record, _context, output);
    }

    public void Advance(long watermark) => _context.Watermark = watermark;

    public void OnTimer(long time, TimeDomain domain, UnitCollector<TOut> output)
    {
        // Without keys there are no timers.
    }

    private sealed class ElementContext(TimeProvider time, SideOutputs sides)
        : CoProcessFunction<TLeft, TRight, TOut>.Context
    {
        public long? At { get; set; }

        public long Watermark { get; set; } = long.MinValue;

        public override long? Timestamp => At;

        public override long CurrentWatermark => Watermark;

        public override long CurrentProcessingTime => time.GetUtcNow().ToUnixTimeMilliseconds();

        public override void Output<T>(OutputTag<T> tag, T value) => sides.Emit(tag, value);
    }
}
