using Microsoft.Extensions.DependencyInjection;
using Millrace.Clustering;
using Millrace.Connectors.Collect;
using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Network.Blocking;
using Millrace.Programs;

namespace Millrace.InProcess;

/// <summary>Real silos, a real disk, a job in stages.</summary>
[TestClass]
public sealed class JobsInStagesTests
{
    private const int Records = 200_000;
    private const int Keys = 500;

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 1)]
    [DataRow(2, 2)]
    public async Task A_job_wider_than_the_cluster_runs_in_what_slots_there_are_and_leaves_no_file(int silos, int slots)
    {
        using TemporaryDirectory spill = new();
        await using MiniCluster cluster = await MiniCluster.StartAsync(Options(silos, slots, spill));
        await Eventually.HasSlotsAsync(cluster, silos * slots);
        JobHandle job = await cluster.SubmitAsync<StagesJob>([], parallelism: 4);
        JobResult result = await job.WaitAsync();

        Assert.AreEqual(JobStatus.Finished, result.Status, result.Failure?.ToString());
        RequireCounts(result);
        await Eventually.HoldsAsync(() => cluster.Silos.Sum(silo => PartitionsOf(silo).Count) == 0);
        Assert.IsEmpty(Directory.GetFiles(spill.Path, "*.spill", SearchOption.AllDirectories));
    }

    private static MiniClusterOptions Options(int silos, int slots, TemporaryDirectory spill)
    {
        MiniClusterOptions options = new() { Silos = silos, SlotsPerSilo = slots };
        options.Settings["Millrace:Batch:SpillDirectory"] = spill.Path;
        options.Settings["Millrace:Batch:PartitionMemoryBytes"] = "65536";
        return options;
    }

    private static PartitionStore PartitionsOf(MiniSilo silo) => silo.Services.GetRequiredService<PartitionStore>();

    private static void RequireCounts(JobResult result)
    {
        (long Key, long Count)[] counted =
            [.. result.Collected<Keyed<long, long>>("counts").Select(one => (one.Key, one.Value)).Order()];
        CollectionAssert.AreEqual(
            Enumerable.Range(0, Keys).Select(key => ((long)key, (long)Records / Keys)).ToArray(), counted);
    }

    internal sealed class StagesJob : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args) =>
            env.SetRuntimeMode(RuntimeMode.Batch)
                .SetBatchExchange(ExchangeKind.Blocking)
                .FromSource(NumberSequence.Source(1, Records))
                .Rebalance()
                .Map(static number => number)
                .KeyBy(static number => number % Keys)
                .Count()
                .SinkTo(new CollectSink<Keyed<long, long>>("counts"));
    }
}
