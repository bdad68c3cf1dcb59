using Millrace.Functions;

namespace Millrace.Operators.Steps;

/// <summary>One record in, one record out.</summary>
internal struct MapStep<TIn, TOut, TFunction>(TFunction function) : IRecordStep<TIn, TOut>
    where TFunction : IMapFunction<TIn, TOut>
{
    private TFunction _function = function;

    public static int Functions => 1;

    public bool Apply(in TIn value, out TOut result, ref int at, int number)
    {
        result = _function.Map(value);
        return true;
    }

    public void Open(ReadOnlySpan<RuntimeContext> contexts, ref int at, int number)
    {
        at = number;
        UserFunction.Open(ref _function, contexts[0]);
    }

    public void PrepareSnapshot() => UserFunction.PrepareSnapshot(ref _function);

    public void Close() => UserFunction.Close(ref _function);
}
