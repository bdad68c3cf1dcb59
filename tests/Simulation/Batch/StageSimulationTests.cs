using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Execution.Spilling;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Simulation;
using Millrace.Tasks;

namespace Millrace.Batch;

/// <summary>Jobs that run in stages, under many orders of events, with little memory, few slots and faults: always the
/// same rows, and nothing is left.</summary>
[TestClass]
public sealed class StageSimulationTests
{
    private const int Seeds = 12;

    private static readonly SimulatedShape Tiny = new()
    {
        Batch = new BatchOptions { PartitionMemoryBytes = 16 << 10, SortMemoryBytes = 16 << 10 },
    };

    private static readonly Keyed<long, long>[] Sums =
    [
        .. Enumerable.Range(0, 3_000).Select(x => 2L * x).GroupBy(x => x % 37)
            .Select(group => new Keyed<long, long>(group.Key, group.Sum())),
    ];

    [TestMethod]
    [DataRow(1, 1, null)]
    [DataRow(1, 3, 1)]
    [DataRow(2, 3, 1)]
    [DataRow(2, 4, 3)]
    [DataRow(3, 4, null)]
    public void A_job_of_three_stages_gives_the_same_rows_in_any_number_of_slots(
        int silos, int parallelism, int? slots) => ForEachSeed(seed =>
        {
            List<Keyed<long, long>> sums = SimulatedJob.Collect<Keyed<long, long>>(
                seed,
                silos,
                parallelism,
                SumsOfNumbers,
                (seed % 2 == 0 ? Tiny : new SimulatedShape()) with { Slots = slots });

            CollectionAssert.AreEquivalent(Sums, sums, $"seed {seed}");
        });

    [TestMethod]
    [DataRow(PartitionerKind.Rebalance)]
    [DataRow(PartitionerKind.Rescale)]
    [DataRow(PartitionerKind.Shuffle)]
    [DataRow(PartitionerKind.Global)]
    [DataRow(PartitionerKind.Forward)]
    [DataRow(PartitionerKind.Broadcast)]
    public void Every_partitioning_passes_every_record(PartitionerKind kind) => ForEachSeed(seed =>
    {
        List<long> records = SimulatedJob.Collect<long>(
            seed, 2, 3, env => InStages(env).FromSequence(0, 2_999).To(kind).Map(x => x).StartNewChain()
                .CollectTo("out"),
            seed % 2 == 0 ? Tiny : new SimulatedShape());

        int copies = kind == PartitionerKind.Broadcast ? 3 : 1;
        CollectionAssert.AreEquivalent(
            Enumerable.Repeat(Enumerable.Range(0, 3_000).Select(x => (long)x), copies).SelectMany(x => x).ToArray(),
            records);
    });

    [TestMethod]
    public void A_stage_begins_when_the_one_before_it_has_ended() => ForEachSeed(seed =>
    {
        bool overlap = false;
        SimulatedCluster cluster = SimulatedJob.Finish(
            seed, 2, 3, SumsOfNumbers, cluster => (() => Overlap(cluster, ref overlap), () => { }), shape: Tiny);

        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"{cluster.Failure}");
        Assert.IsFalse(overlap, $"seed {seed}: two stages ran at the same time");
    });

    [TestMethod]
    public void With_one_slot_one_subtask_runs_at_a_time() => ForEachSeed(seed =>
    {
        int most = 0;
        SimulatedJob.Finish(
            seed,
            1,
            3,
            SumsOfNumbers,
            cluster => (() => (most = Math.Max(most, Active(cluster).Count())) > 1, () => { }),
            shape: Tiny with { Slots = 1 });

        Assert.AreEqual(1, most, $"seed {seed}: subtasks at a time");
    });

    [TestMethod]
    public void A_lost_silo_makes_lost_producers_run_again_and_nobody_else_suffers() => ForEachSeed(seed =>
    {
        int restarts = 0;
        List<Keyed<long, long>> sums = SimulatedJob.Collect<Keyed<long, long>>(
            seed,
            3,
            3,
            SumsOfNumbers,
            seed % 2 == 0 ? Tiny : new SimulatedShape(),
            cluster => (
                () =>
                {
                    restarts = cluster.Details.Restarts;
                    return Finished(cluster) > seed % 9;
                },
                () => cluster.Lose(cluster.Silos[seed % 3])));

        CollectionAssert.AreEquivalent(Sums, sums, $"seed {seed}, {restarts} restarts");
    });

    [TestMethod]
    public void A_damaged_spill_file_makes_its_producer_run_again() => ForEachSeed(seed =>
    {
        bool damaged = false;
        SimulatedCluster cluster = SimulatedJob.Finish(
            seed,
            2,
            2,
            SumsOfNumbers,
            cluster => (() => FinishedOf(cluster, 0) == 2, () => damaged = cluster.Simulation.Disk.Damage()),
            shape: Tiny);

        Assert.IsTrue(damaged, "something was spilled");
        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
        Assert.IsTrue(
            cluster.Details.Failures.Any(failure =>
                failure.Failure.TypeName == typeof(PartitionLostException).FullName),
            $"seed {seed}: the damage was seen");
        CollectionAssert.AreEquivalent(Sums, Rows(cluster), $"seed {seed}");
    });

    [TestMethod]
    public void A_spill_file_that_is_cut_off_makes_its_producer_run_again() => ForEachSeed(seed =>
    {
        bool cut = false;
        SimulatedCluster cluster = SimulatedJob.Finish(
            seed,
            2,
            2,
            SumsOfNumbers,
            cluster => (() => FinishedOf(cluster, 0) == 2, () => cut = cluster.Simulation.Disk.CutOff()),
            shape: Tiny);

        Assert.IsTrue(cut, "something was spilled");
        Assert.AreEqual(JobStatus.Finished, cluster.Status, $"seed {seed}: {cluster.Failure}");
        Assert.IsTrue(
            cluster.Details.Failures.Any(failure =>
                failure.Failure.TypeName == typeof(PartitionLostException).FullName
                && failure.Failure.Message.Contains(".spill'", StringComparison.Ordinal)),
            $"seed {seed}: the file is named");
        CollectionAssert.AreEquivalent(Sums, Rows(cluster), $"seed {seed}");
    });

    [TestMethod]
    public void Without_reruns_lost_work_fails_the_job_and_says_what_was_lost()
    {
        SimulatedCluster cluster = SimulatedJob.Finish(
            3,
            2,
            2,
            SumsOfNumbers,
            cluster => (() => FinishedOf(cluster, 0) == 2, () => cluster.Simulation.Disk.Damage()),
            shape: Tiny with { MaxReruns = 0 });

        Assert.AreEqual(JobStatus.Failed, cluster.Status);
        Assert.AreEqual(typeof(PartitionLostException).FullName, cluster.Failure!.TypeName);
        Assert.Contains("along edge 0", cluster.Failure.Message);
    }

    [TestMethod]
    public void A_full_disk_fails_the_job_and_leaves_nothing() => ForEachSeed(seed =>
    {
        SimulatedCluster cluster = SimulatedJob.Finish(
            seed,
            2,
            2,
            env => SumsOfNumbers(env),
            cluster => (() => true, () => cluster.Simulation.Disk.Capacity = 4 << 10),
            shape: Tiny);

        Assert.AreEqual(JobStatus.Failed, cluster.Status, $"seed {seed}");
        Assert.Contains("No space left", cluster.Failure!.Message);
        Assert.Contains("Millrace:Batch:SpillDirectory", cluster.Failure.Message);
        Assert.IsEmpty(cluster.Simulation.Disk.Paths, $"seed {seed}: files left");
    });

    [TestMethod]
    public void More_than_the_silo_may_spill_fails_the_job_with_the_numbers()
    {
        SimulatedCluster cluster = SimulatedJob.Finish(
            7, 1, 2, SumsOfNumbers, shape: Tiny with { Batch = new BatchOptions
            {
                PartitionMemoryBytes = 16 << 10,
                MaxSpillBytes = 8 << 10,
            } });

        Assert.AreEqual(JobStatus.Failed, cluster.Status);
        Assert.Contains("8192 are allowed (Millrace:Batch:MaxSpillBytes)", cluster.Failure!.Message);
        Assert.IsEmpty(cluster.Simulation.Disk.Paths);
    }

    [TestMethod]
    public void A_canceled_job_leaves_no_partition_and_no_file() => ForEachSeed(seed =>
    {
        SimulatedCluster cluster = SimulatedJob.Finish(
            seed,
            2,
            3,
            SumsOfNumbers,
            cluster => (() => Finished(cluster) >= seed % 8, cluster.Cancel),
            shape: Tiny);

        Assert.AreEqual(JobStatus.Canceled, cluster.Status, $"seed {seed}");
        Assert.IsEmpty(cluster.Simulation.Disk.Paths, $"seed {seed}: files left");
    });

    private static void SumsOfNumbers(StreamExecutionEnvironment env) => InStages(env)
        .SetBatchSize(16)
        .FromSequence(0, 2_999)
        .Rebalance()
        .Map(x => 2 * x)
        .KeyBy(x => x % 37)
        .Sum(x => x)
        .CollectTo("out");

    private static StreamExecutionEnvironment InStages(StreamExecutionEnvironment env) =>
        env.SetRuntimeMode(RuntimeMode.Batch).SetBatchExchange(ExchangeKind.Blocking);

    private static List<Keyed<long, long>> Rows(SimulatedCluster cluster) =>
    [
        .. Connectors.Collect.CollectedRecords.Read<Keyed<long, long>>(
            cluster.Outcome!.Returned.Select(item => item.Bytes)),
    ];

    private static bool Overlap(SimulatedCluster cluster, ref bool overlap)
    {
        overlap |= Active(cluster).Select(task => task.Vertex).Distinct().Count() > 1;
        return overlap;
    }

    private static IEnumerable<(int Vertex, ExecutionState State)> Active(SimulatedCluster cluster) =>
        cluster.Details.Vertices.Index()
            .SelectMany(vertex => vertex.Item.Subtasks.Select(subtask => (vertex.Index, subtask.State)))
            .Where(task => task.State is ExecutionState.Deploying or ExecutionState.Initializing
                or ExecutionState.Running);

    private static int Finished(SimulatedCluster cluster) =>
        Enumerable.Range(0, cluster.Details.Vertices.Length).Sum(vertex => FinishedOf(cluster, vertex));

    private static int FinishedOf(SimulatedCluster cluster, int vertex) =>
        cluster.Details.Vertices[vertex].Subtasks.Count(subtask => subtask.State == ExecutionState.Finished);

    private static void ForEachSeed(Action<int> run)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            run(seed);
        }
    }
}
