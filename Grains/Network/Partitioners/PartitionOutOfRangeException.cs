using Millrace.Failures;

namespace Millrace.Network.Partitioners;

/// <summary>A partitioner of the user names a subtask that does not exist.</summary>
/// <param name="operatorName">The operator that writes.</param>
/// <param name="subtask">What the partitioner returned.</param>
/// <param name="subtasks">Number of subtasks.</param>
[GenerateSerializer, Alias("millrace.PartitionOutOfRangeException")]
internal sealed class PartitionOutOfRangeException(string operatorName, int subtask, int subtasks)
    : StreamingException(
        $"The partitioner behind '{operatorName}' chose subtask {subtask} of {subtasks}: " +
        $"0 to {subtasks - 1} is needed.")
{
    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
