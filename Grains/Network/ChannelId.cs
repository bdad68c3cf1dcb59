using Millrace.Tasks;

namespace Millrace.Network;

/// <summary>Identifies the way from one subtask attempt to another along one edge of the job graph.</summary>
/// <param name="Edge">Zero-based index of the edge in the job graph.</param>
/// <param name="Producer">The attempt that writes.</param>
/// <param name="Consumer">The attempt that reads.</param>
[GenerateSerializer, Immutable, Alias("millrace.ChannelId")]
internal readonly record struct ChannelId(
    [property: Id(0)] int Edge,
    [property: Id(1)] ExecutionAttemptId Producer,
    [property: Id(2)] ExecutionAttemptId Consumer);
