using Millrace.Latency;
using Millrace.Measuring;

namespace Millrace.Contests;

/// <summary>How much later than from a raw socket records come over one keyed edge between two processes, at a rate
/// that leaves both of them idle most of the time.</summary>
internal static class LatencyContests
{
    /// <summary>Rate of both sides.</summary>
    public const int RecordsPerSecond = 10_000;

    public static IEnumerable<Benchmark> All() =>
    [
        new LatencyBenchmark("remote-latency-p50", 2, percentiles => percentiles.Median),
        new LatencyBenchmark("remote-latency-p999", 15, percentiles => percentiles.P999),
    ];
}
