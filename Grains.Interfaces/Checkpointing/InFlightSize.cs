using Millrace.Jobs;

namespace Millrace.Checkpointing;

/// <summary>Records that were on their way to one input of an operator when a cut overtook them.</summary>
/// <param name="Operator">The operator they were on their way to.</param>
/// <param name="Input">Zero-based input of it.</param>
/// <param name="Edge">On which edge, as <see cref="Graph.JobOperatorInput.Edge"/> names it; empty for those that had
/// been taken in front of the operator already, whatever edge they had come on.</param>
/// <param name="Records">How many.</param>
/// <param name="Bytes">What they take in the checkpoint.</param>
[GenerateSerializer, Immutable, Alias("millrace.InFlightSize")]
public sealed record InFlightSize(
    [property: Id(0)] OperatorId Operator,
    [property: Id(1)] int Input,
    [property: Id(2)] string Edge,
    [property: Id(3)] long Records,
    [property: Id(4)] long Bytes);
