using System.ComponentModel.DataAnnotations;

namespace Millrace.Network;

/// <summary>What may wait between subtasks. Section <c>Millrace:Network</c>.</summary>
public sealed class NetworkOptions
{
    /// <summary>Bytes of batches that wait on one output, over all its targets. Default 4 MB; at least 64 KB.
    /// Two batches may wait on each target whatever this says.</summary>
    [Range(64 << 10, 1 << 30)]
    public int OutputQueueBytes { get; set; } = 4 << 20;

    /// <summary>Batches that wait on one local target at most. Default 8: more do not run faster, and their records are
    /// older.</summary>
    [Range(2, 1_024)]
    public int MaxQueuedBatches { get; set; } = 8;

    /// <summary>Serialized bytes that wait for credit on one target on another silo at most. Default 256 KB.</summary>
    [Range(4 << 10, 1 << 30)]
    public int MaxQueuedBytes { get; set; } = 256 << 10;

    /// <summary>Bytes that may wait on each of so many targets on other silos.</summary>
    internal int RemoteMark(int targets) => Math.Clamp(OutputQueueBytes / targets, 4 << 10, MaxQueuedBytes);

    /// <summary>Batches that may wait on each of so many local targets.</summary>
    internal int LocalDepth(int targets, long batchBytes)
    {
        long depth = OutputQueueBytes / (targets * Math.Max(batchBytes, 1));
        return (int)Math.Clamp(depth, 2, MaxQueuedBatches);
    }
}
