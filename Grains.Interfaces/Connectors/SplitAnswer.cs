namespace Millrace.Connectors;

/// <summary>The answer of the job's side to a reader that asks for a split.</summary>
/// <param name="Kind">What kind of answer.</param>
/// <param name="Split">The split's bytes, when there is one.</param>
[GenerateSerializer, Immutable, Alias("millrace.SplitAnswer")]
public sealed record SplitAnswer(
    [property: Id(0)] SplitAssignmentKind Kind,
    [property: Id(1)] byte[]? Split);
