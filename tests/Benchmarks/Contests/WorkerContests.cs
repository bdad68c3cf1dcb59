using Millrace.Measuring;

namespace Millrace.Contests;

/// <summary>What the threads that run subtasks are worth, and what they leave to the rest of the silo.</summary>
internal static class WorkerContests
{
    public static IEnumerable<Benchmark> All() =>
    [
        new ScalingBenchmark(),
        new FairnessBenchmark(),
        new GrainCallBenchmark(),
        new IdleBenchmark(),
    ];
}
