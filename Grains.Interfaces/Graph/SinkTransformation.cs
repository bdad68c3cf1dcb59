using Millrace.Connectors;

namespace Millrace.Graph;

/// <summary>Writes into a sink.</summary>
internal sealed class SinkTransformation<T>(Transformation<T> input, Sink<T> sink)
    : Transformation<T>($"Sink: {sink.Name}", input)
{
    public Transformation<T> Input { get; } = input;

    public Sink<T> Sink { get; } = sink;

    internal override string Kind => "Sink";

    internal override OperatorRole Role => OperatorRole.Sink;

    internal override int? ParallelismLimit => Sink.MaxParallelism;

    internal override void Accept(IOperatorFactory factory) => factory.Sink(this);
}
