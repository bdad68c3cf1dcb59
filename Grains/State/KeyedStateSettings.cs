using Millrace.Serialization;

namespace Millrace.State;

/// <summary>What the keyed state of one operator in one subtask is made from.</summary>
/// <param name="OperatorName">For errors.</param>
/// <param name="Serializers">Of the job.</param>
/// <param name="KeyGroups">Number of key groups of the operator, over all subtasks.</param>
/// <param name="Range">Those of this subtask.</param>
/// <param name="Time">The clock by which state expires.</param>
/// <param name="Stop">Set when the subtask is to end: nothing more is restored then.</param>
internal sealed record KeyedStateSettings(
    string OperatorName,
    SerializerSet Serializers,
    int KeyGroups,
    KeyGroupRange Range,
    TimeProvider Time,
    CancellationToken Stop = default)
{
    /// <summary>Lists and maps of one key that are larger are written in parts of about so many bytes, as far as the
    /// backend does so.</summary>
    public int PartBytes { get; init; } = 1 << 20;
}
