using Millrace.DataStream;
using Millrace.Graph;

namespace Millrace.Batch;

/// <summary>Ways to divide a stream, by name.</summary>
internal static class Partitionings
{
    public static DataStream<T> To<T>(this DataStream<T> stream, PartitionerKind kind) => kind switch
    {
        PartitionerKind.Rebalance => stream.Rebalance(),
        PartitionerKind.Rescale => stream.Rescale(),
        PartitionerKind.Shuffle => stream.Shuffle(),
        PartitionerKind.Global => stream.Global(),
        PartitionerKind.Broadcast => stream.Broadcast(),
        _ => stream.Forward(),
    };
}
