using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.DataStream.Folds;
using Millrace.Graph;
using Millrace.Operators.Keyed;
using Millrace.Operators.Outputs;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Disk;
using Millrace.State.Snapshots;

namespace Millrace.Operators.Process;

/// <summary>Operators whose state is on the disk.</summary>
[TestClass]
[Verifies(typeof(KeptFoldOperator<,,,,>))]
public sealed class KeyedStateOnDiskTests
{
    private const int KeyGroups = 8;

    private static readonly SerializerSet Serializers = new();

    [TestMethod]
    public void A_rolling_aggregate_emits_the_new_count_of_a_key_for_each_record()
    {
        using var disk = new DiskSpace();
        int[] input = [3, 1, 3, 3, 2, 1, 8, 3];
        OperatorVerifier.VerifyKeyed<int, Keyed<int, long>>(
            (range, output) => new KeptFoldOperator<int, int, long, Keyed<int, long>, CountFold<int, int>>(
                Count(value => value),
                new DiskStateBackend<int>(Settings(range), disk.Space),
                output),
            key => KeyGroupAssignment.KeyGroupOf(Serializers.GetKeyHasher<int>().Hash(in key), KeyGroups),
            KeyGroups,
            input,
            [.. input.Select((key, i) => new Keyed<int, long>(key, input.Take(i + 1).Count(other => other == key)))]);
        Assert.IsTrue(disk.Space.IsLoaded);
    }

    [TestMethod]
    public void Counts_of_keys_are_the_same_however_a_process_function_is_run_restored_and_rescaled()
    {
        using var disk = new DiskSpace();
        string[] input = [.. Enumerable.Range(0, 10).Select(i => $"key {i * i % 3}")];
        OperatorVerifier.VerifyKeyed<string, string>(
            (range, output) => new KeyedProcessOperator<string, string, string>(
                new(new ElementsTransformation<string>([]), record => record, new RunningCount()),
                new DiskStateBackend<string>(Settings(range), disk.Space),
                new ClockLoop(),
                Still(),
                output,
                new SideOutputs("Count")),
            record => KeyGroupAssignment.KeyGroupOf(Serializers.GetKeyHasher<string>().Hash(in record), KeyGroups),
            KeyGroups,
            input,
            [.. input.Select((key, i) => $"{key}: {input.Take(i + 1).Count(other => other == key)}")]);
        Assert.IsTrue(disk.Space.IsLoaded);
    }

    // What the operators of memory and disk save is the same, whichever of them goes on with it.
    [TestMethod]
    public void A_rolling_aggregate_goes_on_with_what_one_in_memory_has_saved_and_back()
    {
        using var disk = new DiskSpace();
        using var batches = new TestBatches<int>(4);
        OperatorSnapshot snapshot = OperatorSnapshot.Empty;
        List<Keyed<int, long>> results = [];
        for (int run = 0; run < 4; run++)
        {
            var output = new TestOutput<Keyed<int, long>>(4, _ => true);
            using StreamOperator<int> step = run % 2 == 0
                ? new KeyedFoldOperator<int, int, long, Keyed<int, long>, CountFold<int, int>>(
                    Count(value => value), new(Settings(new(0, KeyGroups))), emitAtEnd: false, output)
                : new KeptFoldOperator<int, int, long, Keyed<int, long>, CountFold<int, int>>(
                    Count(value => value),
                    new DiskStateBackend<int>(Settings(new(0, KeyGroups)), disk.Space),
                    output);
            if (run > 0)
            {
                step.Restore([snapshot]);
            }

            step.Open(name => new TestRuntimeContext { Operator = name });
            step.Process(batches.Of(3, run, 3), 0, 3);
            step.EndRound();
            snapshot = step.Snapshot();
            results.AddRange(output.Records);
        }

        CollectionAssert.AreEqual(
            new Keyed<int, long>[]
            {
                new(3, 1), new(0, 1), new(3, 2), new(3, 3), new(1, 1), new(3, 4),
                new(3, 5), new(2, 1), new(3, 6), new(3, 7), new(3, 8), new(3, 9),
            },
            results);
    }

    [TestMethod]
    public void Records_before_one_without_a_key_are_worked_on_and_that_one_is_named()
    {
        using var disk = new DiskSpace();
        var output = new TestOutput<string>(4, _ => true);
        using var step = new KeyedProcessOperator<string, int, string>(
            new(new ElementsTransformation<int>([]), record => record == 2 ? null! : $"{record}", new Numbers()),
            new DiskStateBackend<string>(Settings(new(0, KeyGroups)), disk.Space),
            new ClockLoop(),
            Still(),
            output,
            new SideOutputs("Count"));
        using var batches = new TestBatches<int>(4);
        step.Open(name => new TestRuntimeContext { Operator = name });

        InvalidOperationException error =
            Assert.ThrowsExactly<InvalidOperationException>(() => step.Process(batches.Of(0, 1, 2, 3), 0, 4));

        StringAssert.Contains(error.Message, "'KeyedProcess'");
        Assert.AreEqual(2, step.Record);
        step.EndRound();
        CollectionAssert.AreEqual(new[] { "0", "1" }, output.Records);
    }

    // Timers and states of several kinds, saved after each few steps, and gone on with elsewhere.
    [TestMethod]
    public void Timers_and_state_give_what_they_give_in_memory()
    {
        using var disk = new DiskSpace(DiskSpace.Tight);
        var random = new Random(3);
        using var inMemory = new ProcessSubtask(new SumOfTens());
        var onDisk = new ProcessSubtask(new SumOfTens(), state: disk.State);
        List<string> results = [];
        for (int i = 0; i < 400; i++)
        {
            string key = $"key {random.Next(12)}";
            long value = Math.Max(0, i + random.Next(40) - 10) * (random.Next(8) == 0 ? -1L : 1);
            inMemory.Process(key, value);
            onDisk.Process(key, value);
            if (i % 10 == 9)
            {
                inMemory.Advance(i - 5);
                onDisk.Advance(i - 5);
            }

            if (i % 25 == 24)
            {
                OperatorSnapshot snapshot = onDisk.Snapshot();
                results.AddRange(onDisk.Results);
                onDisk.Dispose();
                onDisk = new ProcessSubtask(new SumOfTens(), restored: [snapshot], state: disk.State);
            }
        }

        results.AddRange(onDisk.Results);
        onDisk.Dispose();
        CollectionAssert.AreEqual(inMemory.Results, results);
        Assert.IsGreaterThan(100, results.Count);
    }

    private static KeyedFoldTransformation<int, int, long, Keyed<int, long>, CountFold<int, int>> Count(
        Func<int, int> key) => new("Count", new ElementsTransformation<int>([]), key, default);

    private static KeyedStateSettings Settings(KeyGroupRange range) =>
        new("Count", Serializers, KeyGroups, range, TimeProvider.System);

    private static RoundClock Still()
    {
        var clock = new RoundClock(new ManualTime());
        clock.Begin();
        return clock;
    }

    private sealed class Numbers : Functions.KeyedProcessFunction<string, int, string>
    {
        public override void ProcessElement(int value, Context context, Functions.ICollector<string> output) =>
            output.Emit($"{value}");
    }
}
