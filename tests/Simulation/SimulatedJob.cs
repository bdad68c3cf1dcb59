using Millrace.Connectors.Collect;
using Millrace.DataStream;
using Millrace.Jobs;
using Millrace.Simulation;

namespace Millrace;

/// <summary>Runs programs to their end on a simulated cluster and checks what must hold for every one of
/// them.</summary>
internal static class SimulatedJob
{
    /// <summary>The records that a program collects under the name <c>out</c>.</summary>
    public static List<T> Collect<T>(
        int seed,
        int silos,
        int parallelism,
        Action<StreamExecutionEnvironment> define,
        SimulatedShape? shape = null,
        Func<SimulatedCluster, (Func<bool> Condition, Action Then)>? until = null)
    {
        SimulatedCluster cluster = Finish(seed, silos, parallelism, define, until, shape: shape);
        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
        return [.. CollectedRecords.Read<T>(cluster.Outcome!.Returned.Select(item => item.Bytes))];
    }

    /// <summary>Runs a program to its end, whatever that is: nothing may be left of it.</summary>
    public static SimulatedCluster Finish(
        int seed,
        int silos,
        int parallelism,
        Action<StreamExecutionEnvironment> define,
        Func<SimulatedCluster, (Func<bool> Condition, Action Then)>? until = null,
        int slotsLost = 0,
        SimulatedShape? shape = null)
    {
        var cluster = new SimulatedCluster(new SimulatedExecution(seed), silos, parallelism, define, shape);
        cluster.Run(until?.Invoke(cluster));
        Assert.AreEqual(slotsLost, cluster.SlotsLost, $"seed {seed}: slots given up");

        // What a dead process held is gone with it.
        IEnumerable<SimulatedSilo> holding = cluster.Silos.Where(silo => !silo.IsLost && silo.Outstanding != 0);
        Assert.AreEqual(
            "",
            string.Join(", ", holding.Select(silo => silo.Describe())),
            $"seed {seed}: batches or buffers are out");
        return cluster;
    }
}
