using Millrace.DataStream;

namespace Millrace.Graph.Processing;

/// <summary>Takes the records of a side output instead of those of the main one. A property of edges: no operator runs
/// for it.</summary>
internal sealed class SideOutputTransformation<T>(Transformation input, OutputTag<T> tag)
    : Transformation<T>($"Side output: {tag.Id}", input), ISideOutput
{
    public string TagId { get; } = tag.Id;

    public Type RecordType => typeof(T);

    internal override string Kind => $"SideOutput {TagId}";

    internal override bool IsPhysical => false;

    internal override ISideOutput? SideOutput => this;

    public void Accept(ISideOutputFactory factory) => factory.SideOutput(this);

    internal override void Accept(IOperatorFactory factory) =>
        throw new InvalidOperationException("A side output has no operator of its own.");
}

/// <summary>Which of an operator's side outputs an edge begins at.</summary>
internal interface ISideOutput
{
    /// <summary>Id of its tag.</summary>
    string TagId { get; }

    /// <summary>Type of its records.</summary>
    Type RecordType { get; }

    /// <summary>Lets the output be built with its exact type.</summary>
    void Accept(ISideOutputFactory factory);
}

/// <summary>Builds side outputs with their exact types.</summary>
internal interface ISideOutputFactory
{
    void SideOutput<T>(SideOutputTransformation<T> side);
}
