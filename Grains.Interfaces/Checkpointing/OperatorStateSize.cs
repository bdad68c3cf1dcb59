using Millrace.Jobs;

namespace Millrace.Checkpointing;

/// <summary>How much one operator keeps in one subtask.</summary>
/// <param name="Operator">The operator.</param>
/// <param name="KeyedBytes">State and timers by key.</param>
/// <param name="OtherBytes">Lists, broadcast maps, splits of sources and states of writers.</param>
[GenerateSerializer, Immutable, Alias("millrace.OperatorStateSize")]
public sealed record OperatorStateSize(
    [property: Id(0)] OperatorId Operator,
    [property: Id(1)] long KeyedBytes,
    [property: Id(2)] long OtherBytes);
