namespace Millrace.Graph;

/// <summary>Several streams of one type as one. A property of edges: no operator runs for it.</summary>
internal sealed class UnionTransformation<T>(IReadOnlyList<Transformation<T>> inputs)
    : Transformation<T>("Union", inputs)
{
    internal override string Kind => "Union";

    internal override bool IsPhysical => false;

    internal override void Accept(IOperatorFactory factory) =>
        throw new InvalidOperationException("A union has no operator.");
}
