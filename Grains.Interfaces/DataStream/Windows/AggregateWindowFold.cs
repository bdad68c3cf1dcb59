using Millrace.Functions;
using Millrace.Graph.Windows;

namespace Millrace.DataStream.Windows;

/// <summary>Adds records up in an accumulator of the user.</summary>
internal readonly struct AggregateWindowFold<T, TAccumulator, TOut>(IAggregateFunction<T, TAccumulator, TOut> function)
    : IWindowFold<T, TAccumulator>
{
    public string Description => "aggregate";

    public bool MayChange => true;

    public bool CanSubtract => false;

    public TAccumulator First(in T value) => function.Add(value, function.CreateAccumulator());

    public void Add(ref TAccumulator accumulator, in T value) => accumulator = function.Add(value, accumulator);

    public void Merge(ref TAccumulator accumulator, in TAccumulator other) =>
        accumulator = function.Merge(accumulator, other);

    public void Subtract(ref TAccumulator accumulator, in TAccumulator other) =>
        throw new NotSupportedException(Description);

    public void Open(RuntimeContext context) => UserFunction.Open(function, context);

    public void PrepareSnapshot() => UserFunction.PrepareSnapshot(function);

    public void Close() => UserFunction.Close(function);
}
