using System.Collections.Concurrent;
using Millrace.Checkpointing;
using Millrace.Connectors;
using Millrace.Connectors.Datagen;
using Millrace.Connectors.Files;
using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Programs;
using Millrace.Running;
using Millrace.Savepoints;
using Millrace.Tasks;
using Millrace.Windowing.Assigners;

namespace Millrace.InProcess;

/// <summary>Real silos, a real disk, jobs that are stopped with savepoints and go on from them: the files hold every
/// row once.</summary>
[TestClass]
public sealed class SavepointsTests
{
    internal const int Records = 6_000;
    internal const int Keys = 13;

    /// <summary>Records seen, by the test's directory.</summary>
    private static readonly ConcurrentDictionary<string, Counter> Seen = new();

    [TestMethod]
    public async Task A_job_is_rescaled_on_its_way_and_its_files_hold_every_row_once()
    {
        using TemporaryDirectory directory = new();
        await using MiniCluster cluster = await StartAsync(silos: 2, slots: 2);
        JobHandle job = await cluster.SubmitAsync<NumberedRows>(["--output", directory["out"]], parallelism: 1);
        foreach (int parallelism in new[] { 3, 2, 4 })
        {
            int target = SeenIn(directory["out"]) + (Records / 6);
            await Eventually.HoldsAsync(() => SeenIn(directory["out"]) >= target);

            RescaledJob rescaled = await job.RescaleAsync(parallelism);

            Assert.IsNull(rescaled.Failure);
            Assert.AreEqual(JobStatus.Finished, (await job.WaitAsync()).Status);
            Assert.AreEqual(rescaled.Savepoint, (await job.WaitAsync()).Savepoint);
            job = rescaled.Job;
            Assert.AreEqual(rescaled.Savepoint, (await job.GetDetailsAsync()).RestoredFrom);
        }

        JobResult result = await job.WaitAsync();

        Assert.AreEqual(JobStatus.Finished, result.Status, result.Failure?.ToString());
        Assert.AreEqual(Records, SeenIn(directory["out"]), "records processed");
        NumberedFiles.RequireRows(directory["out"], Records, Keys);
    }

    [TestMethod]
    public async Task A_savepoint_may_be_moved_and_stays_when_the_job_has_ended_unless_it_is_claimed()
    {
        using TemporaryDirectory directory = new();
        await using MiniCluster cluster = await StartAsync(silos: 1, slots: 3);
        JobHandle job = await cluster.SubmitAsync<NumberedRows>(["--output", directory["out"]], parallelism: 3);
        await Eventually.HoldsAsync(() => SeenIn(directory["out"]) >= Records / 3);
        string taken = await job.StopWithSavepointAsync(directory["savepoints"]);
        Assert.StartsWith(directory["savepoints"], taken);
        JobDetails ended = await job.GetDetailsAsync();
        Assert.AreEqual(JobStatus.Finished, ended.Status);
        Assert.IsTrue(
            ended.Vertices.All(static vertex => vertex.Subtasks.All(
                static subtask => subtask.State == ExecutionState.Finished)),
            "its subtasks have done all they were to do");
        string moved = directory["elsewhere"];
        Directory.Move(taken, moved);
        CollectionAssert.Contains(Directory.GetFiles(moved).Select(Path.GetFileName).ToArray(), "_metadata");

        JobHandle next = await cluster.SubmitAsync<NumberedRows>(
            ["--output", directory["out"]], new RestoreSettings(moved), parallelism: 2);
        await Eventually.HoldsAsync(() => SeenIn(directory["out"]) >= Records * 2 / 3);
        string second = await next.StopWithSavepointAsync(directory["savepoints"]);
        Assert.IsTrue(Directory.Exists(moved), "it is the user's");

        JobHandle last = await cluster.SubmitAsync<NumberedRows>(
            ["--output", directory["out"]], new RestoreSettings(second) { Claim = true }, parallelism: 1);
        JobResult result = await last.WaitAsync();

        Assert.AreEqual(JobStatus.Finished, result.Status, result.Failure?.ToString());
        NumberedFiles.RequireRows(directory["out"], Records, Keys);
        await Eventually.HoldsAsync(() => !Directory.Exists(second));
    }

    [TestMethod]
    public async Task A_savepoint_that_is_not_there_or_damaged_is_refused_by_name_before_anything_runs()
    {
        using TemporaryDirectory directory = new();
        await using MiniCluster cluster = await StartAsync(silos: 1, slots: 2);
        JobHandle job = await cluster.SubmitAsync<NumberedRows>(["--output", directory["out"]], parallelism: 2);
        await Eventually.HoldsAsync(() => SeenIn(directory["out"]) >= Records / 4);
        string path = await job.StopWithSavepointAsync();
        string metadata = Path.Combine(path, "_metadata");
        string whole = File.ReadAllText(metadata);

        File.WriteAllText(metadata, whole.Replace("\"jobName\"", "\"jobname\"", StringComparison.Ordinal));
        CheckpointCorruptedException damaged = await Assert.ThrowsExactlyAsync<CheckpointCorruptedException>(
            () => GoOnAsync(path));
        Assert.Contains(metadata, damaged.Message);

        File.WriteAllText(metadata, whole.Replace(" 1 ", " 99 ", StringComparison.Ordinal));
        CheckpointCorruptedException newer = await Assert.ThrowsExactlyAsync<CheckpointCorruptedException>(
            () => GoOnAsync(path));
        Assert.Contains("99", newer.Message);

        File.Delete(metadata);
        CheckpointCorruptedException missing = await Assert.ThrowsExactlyAsync<CheckpointCorruptedException>(
            () => GoOnAsync(path));
        Assert.Contains("there is no _metadata in it", missing.Message);

        Task<JobHandle> GoOnAsync(string from) => cluster.SubmitAsync<NumberedRows>(
            ["--output", directory["out"]], new RestoreSettings(from), parallelism: 2);
    }

    [TestMethod]
    public async Task A_savepoint_is_looked_into_and_compared_with_a_program_without_a_cluster()
    {
        using TemporaryDirectory directory = new();
        string path;
        await using (MiniCluster cluster = await StartAsync(silos: 1, slots: 2))
        {
            JobHandle job = await cluster.SubmitAsync<NumberedRows>(["--output", directory["out"]], parallelism: 2);
            await Eventually.HoldsAsync(() => SeenIn(directory["out"]) >= Records / 4);
            path = await job.StopWithSavepointAsync(directory["savepoints"]);
        }

        SavepointReader savepoint = await SavepointReader.OpenAsync(path);
        SavepointOperator numbers = (await savepoint.ReadOperatorsAsync()).Single(one => one.Uid == "numbers");
        StateInSavepoint count = numbers.States.Single(state => state.Name == "count");
        Dictionary<long, long> counts = [];
        await foreach ((long key, long value) in savepoint.ReadValuesAsync<long, long>("numbers", "count"))
        {
            counts.Add(key, value);
        }

        Assert.AreEqual("NumberedRows", savepoint.JobName);
        Assert.AreEqual(SavepointKind.Suspend, savepoint.Kind);
        Assert.AreEqual("Value", count.Kind);
        Assert.AreEqual("Int64 -> Int32", count.Shape);
        Assert.AreEqual(Keys, count.Entries);
        Assert.AreEqual(2, numbers.Parallelism);
        Assert.AreEqual(SeenIn(directory["out"]), counts.Values.Sum(), "records counted");

        SavepointCheck same = SavepointCheck.Of(savepoint, JobSubmitter.Compile(
            typeof(NumberedRows), ["--output", directory["out"]], defaultParallelism: 3));
        SavepointCheck other = SavepointCheck.Of(savepoint, JobSubmitter.Compile(
            typeof(CountedRecords), ["--output", directory["out"]], defaultParallelism: 3));
        Assert.IsEmpty(same.Dropped);
        Assert.IsEmpty(same.New);
        Assert.IsEmpty(same.Refusals);
        Assert.Contains(same.Kept.Single(one => one.Contains("numbers", StringComparison.Ordinal)), same.Kept);
        Assert.IsNotEmpty(other.Dropped.Where(one => one.Contains("numbers", StringComparison.Ordinal)));
        await Assert.ThrowsExactlyAsync<CheckpointCorruptedException>(
            () => SavepointReader.OpenAsync(directory["nowhere"]));
    }

    // Nobody starts the old one again behind the back of whoever canceled.
    [TestMethod]
    public async Task A_job_that_is_canceled_while_it_is_rescaled_stays_canceled_and_its_savepoint_is_named()
    {
        using TemporaryDirectory directory = new();
        await using MiniCluster cluster = await StartAsync(silos: 1, slots: 2);
        JobHandle job = await cluster.SubmitAsync<GatedRows>(["--output", directory["out"]], parallelism: 1);
        await Eventually.HoldsAsync(() => SeenIn(directory["out"]) > 0);
        IDispatcherGrain dispatcher = cluster.Grains.Dispatcher();
        using Gate gate = Gate.Close(directory["out"]);
        Task<RescaledJob> rescaling = job.RescaleAsync(2, directory["savepoints"]);
        await Eventually.HoldsAsync(() => gate.Waiting > 0);
        JobOverview begun = (await dispatcher.ListAsync(CancellationToken.None)).Single(one => one.Job != job.Id);

        await dispatcher.CancelAsync(begun.Job, CancellationToken.None);
        RescaleException canceled = await Assert.ThrowsExactlyAsync<RescaleException>(() => rescaling);

        Assert.Contains(Directory.GetDirectories(directory["savepoints"]).Single(), canceled.Message);
        Assert.Contains("was canceled", canceled.Message);
        Assert.HasCount(2, (await dispatcher.ListAsync(CancellationToken.None)).ToArray());
    }

    [TestMethod]
    public async Task A_job_that_is_drained_fires_what_waits_and_ends()
    {
        using TemporaryDirectory directory = new();
        await using MiniCluster cluster = await StartAsync(silos: 1, slots: 2);
        JobHandle job = await cluster.SubmitAsync<CountedRecords>(["--output", directory["out"]], parallelism: 2);
        await Eventually.HoldsAsync(() => SeenIn(directory["out"]) >= 500);

        string path = await job.StopWithSavepointAsync(drain: true);

        Assert.IsTrue(File.Exists(Path.Combine(path, "_metadata")));
        int counted = NumberedFiles.In(directory["out"]).SelectMany(File.ReadLines).Sum(int.Parse);
        Assert.AreEqual(SeenIn(directory["out"]), counted, "records in windows that fired");
    }

    [TestMethod]
    public async Task A_savepoint_that_cannot_be_taken_is_said_why_and_the_job_goes_on()
    {
        using TemporaryDirectory directory = new();
        await using MiniCluster cluster = await StartAsync(silos: 1, slots: 1);
        JobHandle job = await cluster.SubmitAsync<NumberedRows>(["--output", directory["out"]], parallelism: 1);
        await Eventually.HoldsAsync(() => SeenIn(directory["out"]) > 0);
        File.WriteAllText(directory["no-directory"], "a file");

        SavepointFailedException failed = await Assert.ThrowsExactlyAsync<SavepointFailedException>(
            () => job.StopWithSavepointAsync(directory["no-directory"]));
        Assert.Contains("NumberedRows", failed.Message);
        RescaleException refused = await Assert.ThrowsExactlyAsync<RescaleException>(() => job.RescaleAsync(9));
        Assert.Contains("9 slots", refused.Message);

        JobResult result = await job.WaitAsync();
        Assert.AreEqual(JobStatus.Finished, result.Status, result.Failure?.ToString());
        NumberedFiles.RequireRows(directory["out"], Records, Keys);
        SavepointFailedException late = await Assert.ThrowsExactlyAsync<SavepointFailedException>(
            () => job.SavepointAsync());
        Assert.Contains("Finished", late.Message);
    }

    private static async Task<MiniCluster> StartAsync(int silos, int slots)
    {
        MiniCluster cluster = await MiniCluster.StartAsync(new MiniClusterOptions
        {
            Silos = silos,
            SlotsPerSilo = slots,
        });
        await Eventually.HasSlotsAsync(cluster, silos * slots);
        return cluster;
    }

    internal static int SeenIn(string output) => Seen.TryGetValue(output, out Counter? counter) ? counter.Count : 0;

    private sealed class Counter
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public long Pass(long value)
        {
            Interlocked.Increment(ref _count);
            return value;
        }
    }

    internal sealed class NumberedRows : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args)
        {
            string output = args["output"];
            Counter counter = Seen.GetOrAdd(output, _ => new Counter());
            env.SetRuntimeMode(RuntimeMode.Streaming)
                .EnableCheckpointing(TimeSpan.FromMilliseconds(100))
                .FromSource(DataGenerator.Source(i => i, Records, recordsPerSecond: 1_500))
                .Rebalance()
                .Map(counter.Pass)
                .KeyBy(value => value % Keys)
                .Process(new NumberedRecords()).WithUid("numbers")
                .SinkTo(FileSink.Text(output));
        }
    }

    /// <summary>Holds subtasks before their first record.</summary>
    private sealed class Gate : IDisposable
    {
        private static readonly ConcurrentDictionary<string, Gate> Closed = new();

        private readonly ManualResetEventSlim _open = new();
        private readonly string _name;
        private int _waiting;

        private Gate(string name) => _name = name;

        public int Waiting => Volatile.Read(ref _waiting);

        public static Gate Close(string name) => Closed[name] = new Gate(name);

        public static void Pass(string name, CancellationToken cancellationToken)
        {
            if (Closed.TryGetValue(name, out Gate? gate))
            {
                Interlocked.Increment(ref gate._waiting);
                gate._open.Wait(cancellationToken);
            }
        }

        public void Dispose()
        {
            Closed.TryRemove(_name, out _);
            _open.Set();
        }
    }

    internal sealed class GatedRows : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args)
        {
            string output = args["output"];
            Counter counter = Seen.GetOrAdd(output, _ => new Counter());
            env.FromSource(DataGenerator.Source(i => i, recordsPerSecond: 500))
                .Map(counter.Pass)
                .KeyBy(value => value % Keys)
                .Process(new Gated(output)).WithUid("gated")
                .SinkTo(FileSink.Text(output));
        }

        private sealed class Gated(string output) : KeyedProcessFunction<long, long, string>
        {
            public override void Open(RuntimeContext context) => Gate.Pass(output, context.CancellationToken);

            public override void ProcessElement(long value, Context context, ICollector<string> collector) =>
                collector.Emit($"{value}");
        }
    }

    /// <summary>An endless job whose windows are a day long; it takes no checkpoints.</summary>
    internal sealed class CountedRecords : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args)
        {
            string output = args["output"];
            Counter counter = Seen.GetOrAdd(output, _ => new Counter());
            env.FromSource(
                    DataGenerator.Source(i => i, recordsPerSecond: 2_000),
                    WatermarkStrategy.ForMonotonousTimestamps<long>().WithTimestampAssigner(value => value))
                .Map(counter.Pass)
                .KeyBy(value => value % Keys)
                .Window(TumblingEventTimeWindows.Of(TimeSpan.FromDays(1)))
                .Count()
                .Map(count => $"{count.Value}")
                .SinkTo(FileSink.Text(output));
        }
    }
}
