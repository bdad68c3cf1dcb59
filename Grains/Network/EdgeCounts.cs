namespace Millrace.Network;

/// <summary>What has gone through one end of an edge or a channel; read from any thread, so a little behind.</summary>
/// <param name="Records">Records.</param>
/// <param name="Batches">Batches, with empty ones that carry only a watermark.</param>
/// <param name="Bytes">Serialized bytes; local channels serialize nothing.</param>
/// <param name="Queued">Batches that wait at present.</param>
/// <param name="QueuedBytes">Bytes that wait at present: at the producing end of a channel to another silo bytes wait,
/// and no batches.</param>
internal readonly record struct EdgeCounts(
    long Records, long Batches, long Bytes, long Queued, long QueuedBytes = 0)
{
    public static EdgeCounts operator +(EdgeCounts left, EdgeCounts right) => new(
        left.Records + right.Records,
        left.Batches + right.Batches,
        left.Bytes + right.Bytes,
        left.Queued + right.Queued,
        left.QueuedBytes + right.QueuedBytes);
}
