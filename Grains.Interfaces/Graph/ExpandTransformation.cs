namespace Millrace.Graph;

/// <summary>One record in, a sequence out. Each element of the sequence is a unit of work of its own, so that even an
/// endless sequence is held back by a full output.</summary>
internal sealed class ExpandTransformation<TIn, TOut>(Transformation<TIn> input, Func<TIn, IEnumerable<TOut>> function)
    : Transformation<TOut>("FlatMap", input)
{
    public Transformation<TIn> Input { get; } = input;

    public Func<TIn, IEnumerable<TOut>> Function { get; } = function;

    internal override string Kind => "FlatMap";

    internal override void Accept(IOperatorFactory factory) => factory.ExpandMany(this);
}
