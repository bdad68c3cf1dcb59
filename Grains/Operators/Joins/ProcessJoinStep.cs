using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Joins;
using Millrace.Operators.Outputs;

namespace Millrace.Operators.Joins;

/// <summary>Any number of results for a pair, with its times and side outputs.</summary>
internal readonly struct ProcessJoinStep<TLeft, TRight, TOut>(
    ProcessJoinFunction<TLeft, TRight, TOut> function, SideOutputs sides)
    : IJoinStep<TLeft, TRight, TOut>
{
    private readonly PairContext _context = new(sides);

    public void Open(RuntimeContext context) => function.Open(context);

    public void PrepareSnapshot() => UserFunction.PrepareSnapshot(function);

    public void Close() => function.Close();

    public void Join(in Timed<TLeft> left, in Timed<TRight> right, UnitCollector<TOut> output)
    {
        _context.Left = left.Time;
        _context.Right = right.Time;
        function.ProcessElement(left.Value, right.Value, _context, output);
    }

    private sealed class PairContext(SideOutputs sides) : ProcessJoinFunction<TLeft, TRight, TOut>.Context
    {
        public long Left { get; set; }

        public long Right { get; set; }

        public override long LeftTimestamp => Left;

        public override long RightTimestamp => Right;

        public override void Output<T>(OutputTag<T> tag, T value) => sides.Emit(tag, value);
    }
}
