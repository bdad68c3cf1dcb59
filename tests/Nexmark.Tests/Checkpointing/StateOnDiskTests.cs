using System.Collections.Concurrent;
using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Examples.Nexmark.Generator;
using Millrace.Examples.Nexmark.Oracle;
using Millrace.Examples.Nexmark.Output;
using Millrace.Functions;
using Millrace.InProcess;
using Millrace.Jobs;
using Millrace.Programs;
using Millrace.State;

namespace Millrace.Examples.Nexmark.Checkpointing;

/// <summary>Queries on real silos whose state is on the disk, which fail on their way and go on from a checkpoint.
/// </summary>
[TestClass]
public sealed class StateOnDiskTests
{
    private const int Events = 6_000;
    private const int Rate = 2_000;

    private static readonly ConcurrentDictionary<string, Accident> Accidents = new();

    [TestMethod]
    [DataRow("q3", true)]
    [DataRow("q9", true)]
    [DataRow("q18", true)]
    [DataRow("q19", false)]
    [DataRow("q20", false)]
    public async Task A_query_that_fails_once_gives_the_rows_of_the_model(string query, bool saysSo)
    {
        using TemporaryDirectory directory = new();
        MiniClusterOptions options = new() { Silos = 2, SlotsPerSilo = 1 };
        options.Settings["Millrace:State:Disk:Directory"] = directory["state"];
        options.Settings["Millrace:State:Disk:MemoryBudget"] = $"{32 << 20}";
        if (!saysSo)
        {
            options.Settings["Millrace:State:Backend"] = nameof(StateBackend.Disk);
        }

        JobResult result;
        JobDetails details;
        Accident accident = Accidents[query] = new Accident(directory["state"]);
        await using (MiniCluster cluster = await MiniCluster.StartAsync(options))
        {
            JobHandle job = await cluster.SubmitAsync<FailingQuery>(
                ["--query", query, "--disk", $"{saysSo}"], parallelism: 2);
            result = await job.WaitAsync();
            details = await job.GetDetailsAsync();
        }

        Assert.AreEqual(JobStatus.Finished, result.Status, result.Failure?.ToString());
        Assert.AreEqual(1, details.Restarts);
        Assert.IsLessThan(2 * Events, accident.Passed, "it began anew instead of going on");
        Assert.IsTrue(accident.SawState, "databases were there");
        Assert.AreEqual($"{query} {ModelResults.Of(query, Events, Rate)}", ResultLine.Of(query, result));
        Assert.IsEmpty(Directory.GetDirectories(directory["state"]), "nothing stays behind");
    }

    /// <summary>Throws once, when checkpoints have been taken: as one is taken at a time, those before the last one
    /// have ended.</summary>
    /// <param name="folder">Where state on the disk is to be.</param>
    private sealed class Accident(string folder)
    {
        private const int Checkpoints = 4;

        private int _passed;
        private int _checkpoints;
        private int _thrown;

        public int Passed => Volatile.Read(ref _passed);

        public bool SawState { get; private set; }

        public void Pass()
        {
            if (Interlocked.Increment(ref _passed) > Events / 3
                && Volatile.Read(ref _checkpoints) >= Checkpoints
                && Interlocked.Exchange(ref _thrown, 1) == 0)
            {
                SawState = Directory.GetDirectories(folder).SelectMany(Directory.GetDirectories).Any();
                throw new InvalidOperationException("this was to be expected");
            }
        }

        public void Saved(int subtask) => Interlocked.Add(ref _checkpoints, subtask == 0 ? 1 : 0);
    }

    internal sealed class FailingQuery : IStreamJob
    {
        public void Define(StreamExecutionEnvironment env, JobArguments args)
        {
            string query = args["query"];
            env.EnableCheckpointing(TimeSpan.FromMilliseconds(100))
                .SetRestartStrategy(RestartSettings.FixedDelay(20, TimeSpan.FromMilliseconds(50)));
            if (bool.Parse(args["disk"]))
            {
                env.SetStateBackend(StateBackend.Disk);
            }

            new CheckpointedQuery(query, Events, Rate).Define(
                env, events => events.Process(new FailOnce(query)));
        }
    }

    private sealed class FailOnce(string query) : ProcessFunction<Event, Event>, ICheckpointedFunction
    {
        private int _subtask;

        public override void Open(RuntimeContext context) => _subtask = context.SubtaskIndex;

        public override void ProcessElement(Event value, Context context, ICollector<Event> output)
        {
            Accidents[query].Pass();
            output.Emit(value);
        }

        public void SnapshotState() => Accidents[query].Saved(_subtask);
    }
}
