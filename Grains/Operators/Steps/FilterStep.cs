using Millrace.Functions;

namespace Millrace.Operators.Steps;

/// <summary>Lets some records through.</summary>
internal struct FilterStep<T, TFunction>(TFunction function) : IRecordStep<T, T>
    where TFunction : IFilterFunction<T>
{
    private TFunction _function = function;

    public static int Functions => 1;

    public bool Apply(in T value, out T result, ref int at, int number)
    {
        result = value;
        return _function.Filter(value);
    }

    public void Open(ReadOnlySpan<RuntimeContext> contexts, ref int at, int number)
    {
        at = number;
        UserFunction.Open(ref _function, contexts[0]);
    }

    public void PrepareSnapshot() => UserFunction.PrepareSnapshot(ref _function);

    public void Close() => UserFunction.Close(ref _function);
}
