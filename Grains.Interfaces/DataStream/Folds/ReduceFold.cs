using Millrace.Functions;
using Millrace.Graph;
using Millrace.Graph.Direct;

namespace Millrace.DataStream.Folds;

/// <summary>Combines records as a function of the user says.</summary>
internal struct ReduceFold<TKey, T, TFunction>(TFunction function) : IKeyedFold<TKey, T, T, T>, IFoldOver,
    IDelegateFold<TKey, T, T, T>
    where TFunction : IReduceFunction<T>
{
    private TFunction _function = function;

    public readonly string Description => "reduce";

    public readonly T First(in T value) => value;

    public void Add(ref T accumulator, in T value) => accumulator = _function.Reduce(accumulator, value);

    public readonly T Result(in TKey key, in T accumulator) => accumulator;

    public readonly void Accept(IDirectFunctions functions, IFoldVisitor<TKey, T, T, T> visitor)
    {
        if (_function is DelegateReduce<T> reduce)
        {
            functions.Reduce(reduce.Function, new Direct(visitor));
            return;
        }

        visitor.Visit(this);
    }

    public void Open(RuntimeContext context) => UserFunction.Open(ref _function, context);

    public void Close() => UserFunction.Close(ref _function);

    private sealed class Direct(IFoldVisitor<TKey, T, T, T> visitor) : IReduceVisitor<T>
    {
        public void Visit<TDirect>(TDirect function)
            where TDirect : struct, IReduceFunction<T> =>
            visitor.Visit(new ReduceFold<TKey, T, TDirect>(function));
    }
}

/// <summary>A fold with a function of the user inside, which may want to be opened.</summary>
internal interface IFoldOver
{
    void Open(RuntimeContext context);

    void Close();
}

/// <summary>A delegate as a reduce function.</summary>
internal readonly struct DelegateReduce<T>(Func<T, T, T> function) : IReduceFunction<T>
{
    public Func<T, T, T> Function => function;

    public T Reduce(T accumulated, T value) => function(accumulated, value);
}
