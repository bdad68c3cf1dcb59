using Millrace.Connectors;

namespace Millrace.Graph;

/// <summary>
/// Emits given records. Their bytes travel with the plan, so that every attempt sees the submitter's.
/// </summary>
internal sealed class ElementsTransformation<T>(IReadOnlyList<T> elements) : Transformation<T>("Source: Elements")
{
    public IReadOnlyList<T> Elements { get; } = elements;

    internal override string Kind => "Elements";

    internal override Boundedness? SourceBoundedness => Boundedness.Bounded;

    internal override int? ParallelismLimit => 1;

    internal override void Accept(IOperatorFactory factory) => factory.Elements(this);
}
