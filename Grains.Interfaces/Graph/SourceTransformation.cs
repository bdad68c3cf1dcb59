using Millrace.Connectors;

namespace Millrace.Graph;

/// <summary>Reads a source.</summary>
internal sealed class SourceTransformation<T>(Source<T> source) : Transformation<T>($"Source: {source.Name}")
{
    public Source<T> Source { get; } = source;

    internal override string Kind => "Source";

    internal override OperatorRole Role => OperatorRole.Source;

    internal override Boundedness? SourceBoundedness => Source.Boundedness;

    internal override int? ParallelismLimit => Source.MaxParallelism;

    internal override void Accept(IOperatorFactory factory) => factory.Source(this);
}
