using Millrace.Functions;
using Millrace.Graph.Windows;

namespace Millrace.DataStream.Windows;

/// <summary>Combines records as a function of the user says.</summary>
internal struct ReduceWindowFold<T, TFunction>(TFunction function) : IWindowFold<T, T>
    where TFunction : IReduceFunction<T>
{
    private TFunction _function = function;

    public readonly string Description => "reduce";

    public readonly bool MayChange => false;

    public readonly bool CanSubtract => false;

    public readonly T First(in T value) => value;

    public void Add(ref T accumulator, in T value) => accumulator = _function.Reduce(accumulator, value);

    public void Merge(ref T accumulator, in T other) => accumulator = _function.Reduce(accumulator, other);

    public readonly void Subtract(ref T accumulator, in T other) => throw new NotSupportedException(Description);

    public void Open(RuntimeContext context) => UserFunction.Open(ref _function, context);

    public void Close() => UserFunction.Close(ref _function);
}
