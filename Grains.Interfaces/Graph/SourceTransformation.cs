using Millrace.Connectors;
using Millrace.EventTime;

namespace Millrace.Graph;

/// <summary>Reads a source.</summary>
internal sealed class SourceTransformation<T>(Source<T> source, WatermarkStrategy<T>? strategy = null)
    : Transformation<T>($"Source: {source.Name}")
{
    public Source<T> Source { get; } = source;

    /// <summary>How event time moves on; null where the program does not ask for it.</summary>
    public WatermarkStrategy<T>? Strategy { get; } = strategy;

    internal override string Kind => "Source";

    internal override OperatorRole Role => OperatorRole.Source;

    internal override Boundedness? SourceBoundedness => Source.Boundedness;

    internal override int? ParallelismLimit => Source.MaxParallelism;

    internal override bool GivesTimestamps(bool inputs) => Strategy is not null;

    internal override void Accept(IOperatorFactory factory) => factory.Source(this);
}
