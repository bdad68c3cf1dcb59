using Millrace.Functions;
using Millrace.Graph;

namespace Millrace.DataStream.Folds;

/// <summary>Combines records as a function of the user says.</summary>
internal readonly struct ReduceFold<TKey, T, TFunction>(TFunction function) : IKeyedFold<TKey, T, T, T>, IFoldOver
    where TFunction : IReduceFunction<T>
{
    public object? Function => function;

    public string Description => "reduce";

    public T First(in T value) => value;

    public void Add(ref T accumulator, in T value) => accumulator = function.Reduce(accumulator, value);

    public T Result(in TKey key, in T accumulator) => accumulator;
}

/// <summary>A fold with a function of the user inside, which may want to be opened.</summary>
internal interface IFoldOver
{
    object? Function { get; }
}

/// <summary>A delegate as a reduce function.</summary>
internal readonly struct DelegateReduce<T>(Func<T, T, T> function) : IReduceFunction<T>
{
    public T Reduce(T accumulated, T value) => function(accumulated, value);
}
