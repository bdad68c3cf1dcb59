using Millrace.Functions;

namespace Millrace.Graph;

/// <summary>Lets some records through.</summary>
internal sealed class FilterTransformation<T, TFunction>(Transformation<T> input, TFunction function)
    : Transformation<T>("Filter", input)
    where TFunction : IFilterFunction<T>
{
    public Transformation<T> Input { get; } = input;

    public TFunction Function { get; } = function;

    internal override string Kind => "Filter";

    internal override void Accept(IOperatorFactory factory) => factory.Filter(this);
}
