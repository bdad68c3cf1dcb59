using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Clustering;
using Millrace.Connectors.Datagen;
using Millrace.Connectors.Files;
using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Programs;
using Millrace.State;
using Millrace.Tasks.Checkpointing.Copies;

namespace Millrace.InProcess;

/// <summary>Real silos, a real disk, jobs that fail on their way: the files hold every row once.</summary>
[TestClass]
public class CheckpointsTests
{
    private const int Records = 6_000;
    private const int Keys = 13;

    /// <summary>What each test's job has seen and does, by the test's directory.</summary>
    private static readonly ConcurrentDictionary<string, Accident> Accidents = new();

    [TestMethod]
    public async Task A_function_that_throws_sends_the_job_back_to_its_latest_checkpoint()
    {
        using TemporaryDirectory directory = new();
        await using MiniCluster cluster = await StartAsync(silos: 2);
        await Eventually.HasSlotsAsync(cluster, 4);
        Accident accident = new(directory.Path, throwsAfter: Records / 2);

        JobHandle job = await cluster.SubmitAsync<NumberedRows>(["--output", directory.Path], parallelism: 3);
        JobResult result = await job.WaitAsync();

        Assert.AreEqual(JobStatus.Finished, result.Status, result.Failure?.ToString());
        Assert.AreEqual(1, (await job.GetDetailsAsync()).Restarts);
        Assert.IsLessThan(2 * Records, accident.Seen, "it began anew instead of going on");
        NumberedFiles.RequireRows(directory.Path, Records, Keys);
    }

    [TestMethod]
    public async Task A_job_whose_silo_dies_goes_on_with_those_that_are_left()
    {
        using TemporaryDirectory directory = new();
        await using MiniCluster cluster = await StartAsync(silos: 3);
        await Eventually.HasSlotsAsync(cluster, 6);
        Accident accident = new(directory.Path, throwsAfter: int.MaxValue);

        JobHandle job = await cluster.SubmitAsync<NumberedRows>(["--output", directory.Path], parallelism: 3);
        await Eventually.HoldsAsync(() => accident.Seen > Records / 3 && NumberedFiles.In(directory.Path).Any());
        await cluster.KillSiloAsync(cluster.Silos[1]);
        JobResult result = await job.WaitAsync();

        Assert.AreEqual(JobStatus.Finished, result.Status, result.Failure?.ToString());
        NumberedFiles.RequireRows(directory.Path, Records, Keys);
    }

    // The grain that knew of the job is gone: another one begins from the job's record and the checkpoint it names.
    [TestMethod]
    public async Task A_job_whose_grain_dies_with_its_silo_goes_on_from_the_checkpoint_on_record()
    {
        using TemporaryDirectory directory = new();
        await using MiniCluster cluster = await StartAsync(silos: 3);
        await Eventually.HasSlotsAsync(cluster, 6);
        Accident accident = new(directory.Path, throwsAfter: int.MaxValue);

        JobHandle job = await cluster.SubmitAsync<NumberedRows>(["--output", directory.Path], parallelism: 3);
        await Eventually.HoldsAsync(() => accident.Seen > Records / 3 && NumberedFiles.In(directory.Path).Any());
        SiloAddress? home = await cluster.Grains.GetGrain<IManagementGrain>(0)
            .GetActivationAddress(cluster.Grains.Job(job.Id));
        await cluster.KillSiloAsync(cluster.Silos.Single(silo => silo.Address == home!.ToParsableString()));
        JobResult result = await job.WaitAsync();

        Assert.AreEqual(JobStatus.Finished, result.Status, result.Failure?.ToString());
        JobDetails details = await job.GetDetailsAsync();
        Assert.IsGreaterThan(1, details.Epoch.Value);
        Assert.IsLessThan(2 * Records, accident.Seen, "it began anew instead of going on");
        NumberedFiles.RequireRows(directory.Path, Records, Keys);
    }

    // Chains without an exchange between them have nothing to do with each other.
    [TestMethod]
    public async Task Of_parallel_chains_the_one_that_fails_runs_again_and_the_others_go_on()
    {
        using TemporaryDirectory directory = new();
        await using MiniCluster cluster = await StartAsync(silos: 2);
        await Eventually.HasSlotsAsync(cluster, 4);
        Accident accident = new(directory.Path, throwsAfter: Records / 2);

        JobHandle job = await cluster.SubmitAsync<ParallelChains>(["--output", directory.Path], parallelism: 3);
        JobResult result = await job.WaitAsync();

        Assert.AreEqual(JobStatus.Finished, result.Status, result.Failure?.ToString());
        JobDetails details = await job.GetDetailsAsync();
        Assert.AreEqual(1, details.Restarts);
        Assert.HasCount(1, details.Failures.Single().Regions!);
        CollectionAssert.AreEqual(
            new[] { 0, 0, 1 }, details.Vertices.Single().Subtasks.Select(subtask => subtask.Attempt).Order().ToArray());
        Assert.IsLessThan(2 * Records, accident.Seen, "it began anew instead of going on");
        CollectionAssert.AreEquivalent(
            Enumerable.Range(0, Records).Select(i => $"{i}").ToArray(),
            NumberedFiles.In(directory.Path).SelectMany(File.ReadLines).ToArray());
        Assert.IsEmpty(Directory.GetFiles(directory.Path, ".*"), "hidden files are left");
    }

    // What is in them when the job is over goes with it.
    [TestMethod]
    public async Task Subtasks_that_run_again_go_on_from_copies_of_their_state_on_the_disks_of_their_silos()
    {
        using TemporaryDirectory directory = new();
        using TemporaryDirectory copies = new();
        await using MiniCluster cluster = await StartAsync(
            silos: 2,
            ("Millrace:LocalState:Copies", "Always"),
            ("Millrace:LocalState:Directory", copies.Path),
            ("Millrace:Slots:ReportInterval", "00:00:00.200"));
        await Eventually.HasSlotsAsync(cluster, 4);
        Accident accident = new(directory.Path, throwsAfter: Records / 2);

        JobHandle job = await cluster.SubmitAsync<NumberedRows>(["--output", directory.Path], parallelism: 3);
        JobResult result = await job.WaitAsync();

        Assert.AreEqual(JobStatus.Finished, result.Status, result.Failure?.ToString());
        Assert.IsLessThan(2 * Records, accident.Seen, "it began anew instead of going on");
        NumberedFiles.RequireRows(directory.Path, Records, Keys);
        SiloCheckpointStorage[] silos =
            [.. cluster.Silos.Select(silo => silo.Services.GetRequiredService<SiloCheckpointStorage>())];
        Assert.IsGreaterThan(0, silos.Sum(silo => silo.CopiesRead), "copies read");
        await Eventually.HoldsAsync(() => Array.TrueForAll(silos, silo => silo.Copies!.Files == 0));
    }

    /// <summary>Where the clusters of these tests keep what lasts, if not in a directory of their own.</summary>
    private protected virtual Task<IReadOnlyDictionary<string, string?>> StorageAsync() =>
        Task.FromResult<IReadOnlyDictionary<string, string?>>(new Dictionary<string, string?>());

    private protected async Task<MiniCluster> StartAsync(int silos, params (string Key, string Value)[] settings)
    {
        MiniClusterOptions options = new() { Silos = silos, SlotsPerSilo = 2 };
        foreach ((string key, string? value) in await StorageAsync())
        {
            options.Settings.Add(key, value);
        }

        foreach ((string key, string value) in settings)
        {
            options.Settings[key] = value;
        }

        return await MiniCluster.StartAsync(options);
    }

    /// <summary>Counts records, and throws once when it has seen enough and a checkpoint is complete.</summary>
    private protected sealed class Accident
    {
        private readonly string _directory;
        private readonly int _throwsAfter;
        private int _seen;
        private int _thrown;

        public Accident(string directory, int throwsAfter)
        {
            _directory = directory;
            _throwsAfter = throwsAfter;
            Accidents[directory] = this;
        }

        public int Seen => Volatile.Read(ref _seen);

        public long Pass(long value)
        {
            if (Interlocked.Increment(ref _seen) > _throwsAfter
                && NumberedFiles.In(_directory).Any()
                && Interlocked.Exchange(ref _thrown, 1) == 0)
            {
                throw new InvalidOperationException("this was to be expected");
            }

            return value;
        }
    }

    internal sealed class NumberedRows : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args)
        {
            string output = args["output"];
            env.SetRuntimeMode(RuntimeMode.Streaming)
                .EnableCheckpointing(TimeSpan.FromMilliseconds(100))
                .SetRestartStrategy(RestartSettings.FixedDelay(20, TimeSpan.FromMilliseconds(50)))
                .FromSource(DataGenerator.Source(i => i, Records, recordsPerSecond: 2_000))
                .Rebalance()
                .Map(value => Accidents[output].Pass(value))
                .KeyBy(value => value % Keys)
                .Process(new Numbered())
                .SinkTo(FileSink.Text(output));
        }
    }

    internal sealed class ParallelChains : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args)
        {
            string output = args["output"];
            env.SetRuntimeMode(RuntimeMode.Streaming)
                .EnableCheckpointing(TimeSpan.FromMilliseconds(100))
                .SetRestartStrategy(RestartSettings.FixedDelay(20, TimeSpan.FromMilliseconds(50)))
                .FromSource(DataGenerator.Source(i => i, Records, recordsPerSecond: 2_000))
                .Map(value => $"{Accidents[output].Pass(value)}")
                .SinkTo(FileSink.Text(output));
        }
    }

    /// <summary>Counts the records of each key, and keeps so much beside it that the state needs files.</summary>
    private sealed class Numbered : KeyedProcessFunction<long, long, string>
    {
        private const int LedgerLength = 10_000;

        private IValueState<int> _count = null!;
        private IValueState<string?> _ledger = null!;

        public override void Open(RuntimeContext context)
        {
            _count = context.GetState(new ValueStateDescriptor<int>("count"));
            _ledger = context.GetState(new ValueStateDescriptor<string?>("ledger"));
        }

        public override void ProcessElement(long value, Context context, ICollector<string> output)
        {
            string ledger = Ledger(context.CurrentKey, _count.Value);
            if (_count.Value > 0 && _ledger.Value != ledger)
            {
                throw new InvalidOperationException($"the ledger of {context.CurrentKey} is another one");
            }

            _count.Update(_count.Value + 1);
            _ledger.Update(Ledger(context.CurrentKey, _count.Value));
            output.Emit($"{context.CurrentKey}: {_count.Value}");
        }

        private static string Ledger(long key, int count) => new((char)('a' + ((key + count) % 26)), LedgerLength);
    }
}
