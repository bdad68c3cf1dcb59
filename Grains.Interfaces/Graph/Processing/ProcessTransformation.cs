using Millrace.Functions;

namespace Millrace.Graph.Processing;

/// <summary>A process function without keys: one record in, any number out, to a main and to side outputs.</summary>
internal sealed class ProcessTransformation<TIn, TOut>(
    Transformation<TIn> input, ProcessFunction<TIn, TOut> function)
    : Transformation<TOut>("Process", input)
{
    public Transformation<TIn> Input { get; } = input;

    public ProcessFunction<TIn, TOut> Function { get; } = function;

    internal override string Kind => "Process";

    internal override bool HasSideOutputs => true;

    internal override void Accept(IOperatorFactory factory) => factory.Process(this);
}
