using Millrace.Connectors.Datagen;
using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Simulation;
using Millrace.State;

namespace Millrace.Checkpointing;

/// <summary>Programs that were changed and go on from a checkpoint with records in flight: each of these counts once,
/// or the program is refused, by the name of what has no place for them.</summary>
[TestClass]
public sealed class ChangedProgramSimulationTests
{
    private const int Records = 300;
    private const int Keys = 7;

    private static readonly IReadOnlyList<int> Seeds = [.. Enumerable.Range(0, 6)];

    [TestMethod]
    public void The_same_program_goes_on()
    {
        foreach (int seed in Seeds)
        {
            RequireOnce(seed, new Shape(), new Shape(), parallelism: 2);
        }
    }

    [TestMethod]
    public void Other_chains_are_the_same_program()
    {
        foreach (int seed in Seeds)
        {
            RequireOnce(seed, new Shape(), new Shape { Chains = false }, parallelism: 2);
            RequireOnce(seed, new Shape { Chains = false }, new Shape(), parallelism: 3);
        }
    }

    [TestMethod]
    public void Another_stream_into_the_same_input_leaves_the_others_as_they_are()
    {
        foreach (int seed in Seeds)
        {
            RequireOnce(seed, new Shape(), new Shape { HasMore = true }, parallelism: 3);
        }
    }

    [TestMethod]
    public void Records_in_flight_to_or_from_an_operator_that_is_gone_are_refused_by_name()
    {
        RequireRefused(new Shape { HasStage = false }, "uid stage", "uid counts", "records", "savepoint");
        RequireRefused(new Shape { CountsUid = "counts anew" }, "uid counts", "uid rows");
        RequireRefused(new Shape { RowsUid = "rows anew" }, "uid rows");
    }

    // What it leaves behind is what was on its way to operators that are gone, and nothing else.
    [TestMethod]
    public void Only_what_was_in_flight_to_operators_that_are_gone_may_be_left_behind()
    {
        Shape anew = new() { RowsUid = "rows anew" };
        foreach (int seed in Seeds)
        {
            (SimulatedCluster cluster, RestoreSettings restore, Ledger ledger) = Interrupt(seed, new Shape());
            SimulatedCluster next = cluster.GoOn(
                restore with { AllowNonRestoredState = true }, 2, env => Define(env, seed, anew, ledger), silos: 1);
            next.Run();
            Assert.AreEqual(JobStatus.Finished, next.Status, $"seed {seed}: {next.Failure}");
            Assert.IsLessThan(Records, ledger.Rows.Count, $"seed {seed}: rows in flight were left behind");
        }

        IncompatibleSavepointException refused = Refusal(
            new Shape { HasStage = false, CountsUid = "counts anew" }, allow: true)!;
        Assert.Contains("uid rows", refused.Message);
        Assert.DoesNotContain("to 'Count", refused.Message);
    }

    [TestMethod]
    public void Another_partitioning_is_refused_by_name()
    {
        RequireRefused(new Shape { Partitioner = PartitionerKind.Shuffle }, "uid rows", "Rebalance", "Shuffle");
        RequireRefused(new Shape { KeyIsText = true }, "uid counts", "Hash");
    }

    // Neither kinds nor types tell of it: only the records do.
    [TestMethod]
    public void Another_key_of_the_same_type_is_refused_by_name_when_subtasks_are_built()
    {
        int refused = 0;
        foreach (int seed in Seeds)
        {
            SimulatedCluster next = GoOn(seed, new Shape { KeyShift = 3 }, parallelism: 2);
            if (next.Status == JobStatus.Failed)
            {
                refused++;
                Assert.Contains("key", next.Failure!.Message);
                Assert.Contains("uid counts", next.Failure.Message);
                Assert.AreEqual(0, next.Details.Restarts, "a restart does not help");
            }
        }

        Assert.IsGreaterThan(Seeds.Count / 2, refused);
    }

    [TestMethod]
    public void Another_number_of_key_groups_is_refused_also_where_nothing_is_kept_by_key() =>
        RequireRefused(
            new Shape { MaxParallelism = 64 },
            new Shape { KeepsNothing = true },
            "uid counts",
            "SetMaxParallelism(128)");

    [TestMethod]
    public void Records_whose_type_has_become_wider_go_on_and_others_are_refused_by_name()
    {
        foreach (int seed in Seeds)
        {
            RequireOnce(seed, new Shape { Type = StageType.Narrow }, new Shape { Type = StageType.Wide }, 3);
            SimulatedCluster next = GoOn(seed, new Shape { Type = StageType.Text }, 2);
            Assert.AreEqual(JobStatus.Failed, next.Status, $"seed {seed}");
            Assert.Contains("uid counts", next.Failure!.Message);
            Assert.Contains("in flight", next.Failure.Message);
            Assert.AreEqual(0, next.Details.Restarts, "a restart does not help");
        }
    }

    private static void RequireOnce(int seed, Shape before, Shape after, int parallelism)
    {
        (SimulatedCluster cluster, RestoreSettings restore, Ledger ledger) = Interrupt(seed, before);
        SimulatedCluster next = cluster.GoOn(restore, parallelism, env => Define(env, seed, after, ledger), silos: 2);
        next.Run();

        Assert.AreEqual(JobStatus.Finished, next.Status, $"seed {seed}: {next.Failure}");
        CollectionAssert.AreEquivalent(
            Enumerable.Range(0, Records).Select(x => $"{x}").ToArray(), ledger.Rows.ToArray(), $"seed {seed}");
    }

    private static SimulatedCluster GoOn(int seed, Shape after, int parallelism)
    {
        (SimulatedCluster cluster, RestoreSettings restore, Ledger ledger) = Interrupt(seed, new Shape());
        SimulatedCluster next = cluster.GoOn(restore, parallelism, env => Define(env, seed, after, ledger), silos: 2);
        next.Run();
        return next;
    }

    private static void RequireRefused(Shape after, params string[] names) => RequireRefused(after, new Shape(), names);

    private static void RequireRefused(Shape after, Shape before, params string[] names)
    {
        IncompatibleSavepointException? refused = Refusal(after, before: before);
        Assert.IsNotNull(refused, "it went on");
        foreach (string name in names)
        {
            Assert.Contains(name, refused.Message);
        }
    }

    private static IncompatibleSavepointException? Refusal(Shape after, bool allow = false, Shape? before = null)
    {
        (SimulatedCluster cluster, RestoreSettings restore, Ledger ledger) = Interrupt(seed: 1, before ?? new Shape());
        try
        {
            cluster.GoOn(
                restore with { AllowNonRestoredState = allow },
                parallelism: 2,
                env => Define(env, 1, after, ledger),
                silos: 1);
            return null;
        }
        catch (IncompatibleSavepointException refused)
        {
            return refused;
        }
    }

    /// <summary>A job that was canceled with records in flight on each of its edges.</summary>
    private static (SimulatedCluster Cluster, RestoreSettings Restore, Ledger Ledger) Interrupt(int seed, Shape shape)
    {
        Ledger ledger = new() { Pace = TimeSpan.FromMilliseconds(2) };
        SimulatedCluster cluster = new(
            new SimulatedExecution(seed), silos: 2, parallelism: 2, env => Define(env, seed, shape, ledger));
        cluster.Run((() => cluster.Completed > 1, cluster.Cancel));
        Assert.AreEqual(JobStatus.Canceled, cluster.Status, $"seed {seed}: {cluster.Failure}");
        RetainedCheckpoint kept = cluster.Recorded[0];
        Assert.IsGreaterThan(0L, cluster.FindCheckpoint(kept.Number)!.InFlightBytes, $"seed {seed}");
        return (cluster, new RestoreSettings(cluster.FolderOf(kept.Reference)), ledger);
    }

    private static void Define(StreamExecutionEnvironment env, int seed, Shape shape, Ledger ledger)
    {
        env.SetRuntimeMode(RuntimeMode.Streaming)
            .SetBatchSize(1 + (seed % 5))
            .SetMaxParallelism(shape.MaxParallelism)
            .EnableCheckpointing(TimeSpan.FromMilliseconds(20), settings => settings with
            {
                AlignedTimeout = TimeSpan.Zero,
                RetainOnCancellation = true,
            })
            .SetRestartStrategy(RestartSettings.FixedDelay(3, TimeSpan.FromMilliseconds(5)));
        DataStream<long> numbers = env
            .FromSource(DataGenerator.Source(i => i, Records, recordsPerSecond: 2_000)).WithUid("numbers");
        DataStream<string> rows = shape.Type switch
        {
            StageType.Narrow => Counted(Staged(numbers, shape, x => (int)x), shape, x => x),
            StageType.Text => Counted(Staged(numbers, shape, x => $"{x}"), shape, long.Parse),
            _ when !shape.HasStage => Counted(numbers, shape, x => x),
            _ when shape.HasMore => Counted(
                Staged(numbers, shape, x => x).Union(env.FromElements<long>().WithUid("none")), shape, x => x),
            _ => Counted(Staged(numbers, shape, x => x), shape, x => x),
        };
        (shape.Partitioner == PartitionerKind.Shuffle ? rows.Shuffle() : rows.Rebalance())
            .SinkTo(ledger.Sink()).WithUid(shape.RowsUid);
    }

    private static DataStream<T> Staged<T>(DataStream<long> numbers, Shape shape, Func<long, T> map)
    {
        DataStream<T> stage = numbers.Rebalance().Map(map).WithUid("stage").SetParallelism(2);
        return shape.Chains ? stage : stage.DisableChaining();
    }

    private static DataStream<string> Counted<T>(DataStream<T> stream, Shape shape, Func<T, long> number)
    {
        KeyedProcess<T> function = new(number, shape.KeepsNothing);
        DataStream<string> counted = shape.KeyIsText
            ? stream.KeyBy(x => $"{(number(x) + shape.KeyShift) % Keys}").Process(new ByText<T>(number))
            : stream.KeyBy(x => (number(x) + shape.KeyShift) % Keys).Process(function);
        return counted.WithUid(shape.CountsUid).Name("Counts");
    }

    private enum StageType
    {
        Wide,
        Narrow,
        Text,
    }

    private sealed record Shape
    {
        public bool HasStage { get; init; } = true;

        public bool HasMore { get; init; }

        public bool Chains { get; init; } = true;

        public bool KeyIsText { get; init; }

        public bool KeepsNothing { get; init; }

        public int KeyShift { get; init; }

        public int MaxParallelism { get; init; } = 128;

        public string CountsUid { get; init; } = "counts";

        public string RowsUid { get; init; } = "rows";

        public PartitionerKind Partitioner { get; init; } = PartitionerKind.Rebalance;

        public StageType Type { get; init; }
    }

    private sealed class KeyedProcess<T>(Func<T, long> number, bool keepsNothing)
        : KeyedProcessFunction<long, T, string>
    {
        private IValueState<long>? _count;

        public override void Open(RuntimeContext context) =>
            _count = keepsNothing ? null : context.GetState(new ValueStateDescriptor<long>("count"));

        public override void ProcessElement(T value, Context context, ICollector<string> output)
        {
            _count?.Update(_count.Value + 1);
            output.Emit($"{number(value)}");
        }
    }

    private sealed class ByText<T>(Func<T, long> number) : KeyedProcessFunction<string, T, string>
    {
        public override void ProcessElement(T value, Context context, ICollector<string> output) =>
            output.Emit($"{number(value)}");
    }
}
