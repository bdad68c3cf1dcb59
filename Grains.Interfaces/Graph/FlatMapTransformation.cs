using Millrace.Functions;

namespace Millrace.Graph;

/// <summary>One record in, any number out, through a collector. One call is one unit of work.</summary>
internal sealed class FlatMapTransformation<TIn, TOut>(Transformation<TIn> input, IFlatMapFunction<TIn, TOut> function)
    : Transformation<TOut>("FlatMap", input)
{
    public Transformation<TIn> Input { get; } = input;

    public IFlatMapFunction<TIn, TOut> Function { get; } = function;

    internal override string Kind => "FlatMap";

    internal override void Accept(IOperatorFactory factory) => factory.FlatMap(this);
}
