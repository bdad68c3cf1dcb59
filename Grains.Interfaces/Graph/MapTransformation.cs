using Millrace.Functions;

namespace Millrace.Graph;

/// <summary>One record in, one record out.</summary>
internal sealed class MapTransformation<TIn, TOut, TFunction>(Transformation<TIn> input, TFunction function)
    : Transformation<TOut>("Map", input)
    where TFunction : IMapFunction<TIn, TOut>
{
    public Transformation<TIn> Input { get; } = input;

    public TFunction Function { get; } = function;

    internal override string Kind => "Map";

    internal override void Accept(IOperatorFactory factory) => factory.Map(this);
}
