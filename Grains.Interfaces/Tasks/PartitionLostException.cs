using Millrace.Failures;

namespace Millrace.Tasks;

/// <summary>What a finished producer had written cannot be read any more: its silo or file is gone, or the bytes are
/// damaged. The job runs the producer again.</summary>
/// <param name="partition">Which partition.</param>
/// <param name="reason">What is wrong with it; a sentence without its full stop.</param>
[GenerateSerializer, Alias("millrace.PartitionLostException")]
public sealed class PartitionLostException(PartitionId partition, string reason)
    : StreamingException(
        $"PartitionLost: what subtask {partition.Producer} wrote along edge {partition.Edge} cannot be read: {reason}.")
{
    /// <summary>Which partition.</summary>
    [Id(0)]
    public PartitionId Partition { get; } = partition;

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Restart;
}
