using Millrace.Batches;
using Millrace.Graph;
using Millrace.Operators.Outputs;
using Millrace.Serialization;
using Millrace.State.Heap;
using Millrace.State.Snapshots;
using Millrace.State;

namespace Millrace.Operators.Process;

[TestClass]
[Verifies(typeof(KeyedProcessOperator<,,>))]
public sealed class KeyedProcessOperatorTests
{
    // As a query does whose keys are windows: each has a timer, and is over with it.
    [TestMethod]
    public void Keys_that_end_with_their_timer_leave_nothing_however_many_come()
    {
        using var subtask = new ProcessSubtask(new CountUntilLater());
        for (int key = 0; key < 2_000; key++)
        {
            subtask.Process($"window {key}", key);
            subtask.Process($"window {key}", key + 1);
            subtask.Advance(key);
            Assert.IsLessThanOrEqualTo(22, subtask.Entries, $"state and timers of ten and one keys, after {key}");
        }

        subtask.Advance(long.MaxValue);

        Assert.AreEqual(0, subtask.Entries);
        Assert.HasCount(2_000, subtask.Results);
    }

    [TestMethod]
    public void Timers_fire_in_order_with_the_state_of_their_key()
    {
        using var subtask = new ProcessSubtask(new SumOfTens());
        subtask.Process("a", 15);
        subtask.Process("b", 3);
        subtask.Process("a", 4);
        subtask.Process("a", 16);
        subtask.Process("b", 33);
        subtask.Process("b", -33);

        subtask.Advance(9);
        CollectionAssert.AreEqual(new[] { "b: not at 40" }, subtask.Results);
        subtask.Advance(10);
        CollectionAssert.AreEquivalent(new[] { "b: not at 40", "a: 35 at 10", "b: 36 at 10" }, subtask.Results);
        subtask.Advance(1_000);
        Assert.AreEqual("a: 35 at 10+20", subtask.Results[3]);
        Assert.HasCount(4, subtask.Results);
    }

    // Each timer is a unit: with room for one at a time, one fires in each call.
    [TestMethod]
    public void Timers_stop_when_there_is_no_more_room_and_go_on_there()
    {
        int asked = 0;
        using var subtask = new ProcessSubtask(
            new SumOfTens(), available: _ => asked++ < 100 || asked % 2 == 0);
        for (int i = 0; i < 50; i++)
        {
            subtask.Process($"key {i}", i % 3);
        }

        asked = 100;
        int calls = subtask.Advance(10);

        Assert.IsGreaterThanOrEqualTo(25, calls);
        Assert.AreEqual(50, subtask.Results.Distinct().Count());
        Assert.HasCount(50, subtask.Results);
    }

    [TestMethod]
    public void Counts_of_keys_are_the_same_however_it_is_run_restored_and_rescaled()
    {
        var serializers = new SerializerSet();
        string[] input = [.. Enumerable.Range(0, 60).Select(i => $"key {i * i % 11}")];
        OperatorVerifier.VerifyKeyed<string, string>(
            (range, output) => new KeyedProcessOperator<string, string, string>(
                new(new ElementsTransformation<string>([]), record => record, new RunningCount()),
                new HeapStateBackend<string>(new("Count", serializers, 12, range, TimeProvider.System)),
                new ClockLoop(),
                Still(),
                output,
                new SideOutputs("Count")),
            record => KeyGroupAssignment.KeyGroupOf(serializers.GetKeyHasher<string>().Hash(in record), 12),
            12,
            input,
            [.. input.Select((key, i) => $"{key}: {input.Take(i + 1).Count(other => other == key)}")]);
    }

    // What was late before a restart is late after it, though no watermark has come again.
    [TestMethod]
    public void Event_time_is_where_it_was_after_a_restore()
    {
        using var first = new ProcessSubtask(new SumOfTens());
        first.Advance(70);
        using var second = new ProcessSubtask(new SumOfTens(), restored: [first.Snapshot()]);

        Assert.AreEqual(70, second.Snapshot().Watermark);
    }

    [TestMethod]
    public void Snapshots_between_any_two_units_change_nothing()
    {
        (string Key, long Value)[] events = Events(300);
        List<string> expected = Run(events, snapshotEach: false);

        CollectionAssert.AreEqual(expected, Run(events, snapshotEach: true));
        Assert.IsGreaterThan(100, expected.Count);
    }

    [TestMethod]
    public void Rescaling_from_one_to_three_to_two_changes_nothing()
    {
        (string Key, long Value)[] events = Events(300);
        List<string> results = [];
        List<ProcessSubtask> subtasks = Subtasks(1, null);
        for (int i = 0; i < events.Length; i++)
        {
            if (i is 100 or 200)
            {
                OperatorSnapshot[] snapshots = [.. subtasks.Select(subtask => subtask.Snapshot())];
                Collect(subtasks, results);
                subtasks = Subtasks(i == 100 ? 3 : 2, snapshots);
            }

            Feed(subtasks, events[i]);
        }

        Collect(subtasks, results);
        CollectionAssert.AreEquivalent(Run(events, snapshotEach: false), results);
    }

    [TestMethod]
    public void A_timer_by_the_clock_wakes_the_loop_and_fires_between_two_rounds()
    {
        using var subtask = new ProcessSubtask(new Reminder());
        subtask.Process("late", 50);
        subtask.Process("early", 20);
        subtask.Process("early", 20);
        subtask.Loop.Advance(19);
        subtask.EndRound();
        Assert.AreEqual(0, subtask.Loop.WakeUps);

        subtask.Loop.Advance(1);
        Assert.AreEqual(1, subtask.Loop.WakeUps);
        subtask.EndRound();
        CollectionAssert.AreEqual(new[] { "early at 20" }, subtask.Results);
        subtask.Loop.Advance(30);
        Assert.IsGreaterThan(1, subtask.Loop.WakeUps);
        subtask.EndRound();
        CollectionAssert.AreEqual(new[] { "early at 20", "late at 50" }, subtask.Results);
        Assert.IsTrue(subtask.Loop.Work.TrueForAll(work => work.IsCompletedSuccessfully));
    }

    [TestMethod]
    public void Timers_by_the_clock_are_restored_and_never_fire_after_the_end()
    {
        using var first = new ProcessSubtask(new Reminder());
        first.Process("a", 20);
        using var second = new ProcessSubtask(new Reminder(), restored: [first.Snapshot()]);
        second.Loop.Advance(20);
        Assert.AreEqual(1, second.Loop.WakeUps);
        second.EndRound();
        CollectionAssert.AreEqual(new[] { "a at 20" }, second.Results);

        second.Process("a", 20);
        second.Finish();
        second.Loop.Advance(20);
        second.EndRound();
        Assert.HasCount(1, second.Results);
    }

    [TestMethod]
    public void Side_outputs_take_their_records_and_hold_the_operator_back()
    {
        int asked = 0;
        var odd = new TestOutput<long>(2, _ => asked++ % 2 == 1);
        using var subtask = new ProcessSubtask(new Parity(), sides: new SideOutput<long>("odd", odd));
        for (int i = 0; i < 10; i++)
        {
            subtask.Process($"{i}", i);
        }

        subtask.Finish();
        CollectionAssert.AreEqual(new[] { "0", "2", "4", "6", "8" }, subtask.Results);
        CollectionAssert.AreEqual(new[] { 1L, 3, 5, 7, 9 }, odd.Records);
        Assert.AreEqual(20, asked);
        Assert.AreEqual(1, odd.Controls.OfType<EndOfData>().Count());
    }

    [TestMethod]
    public void A_side_output_of_another_type_is_refused_with_both()
    {
        using var subtask = new ProcessSubtask(
            new Parity(), sides: new SideOutput<string>("odd", new TestOutput<string>(2, _ => true)));

        InvalidOperationException error =
            Assert.ThrowsExactly<InvalidOperationException>(() => subtask.Process("a", 1));

        StringAssert.Contains(error.Message, "'odd'");
        StringAssert.Contains(error.Message, "System.Int64");
        StringAssert.Contains(error.Message, "System.String");
    }

    [TestMethod]
    public void A_key_that_is_null_is_refused_by_name()
    {
        using var subtask = new ProcessSubtask(new Parity());

        InvalidOperationException error =
            Assert.ThrowsExactly<InvalidOperationException>(() => subtask.Process(null!, 1));

        StringAssert.Contains(error.Message, "'KeyedProcess'");
    }

    private static RoundClock Still()
    {
        var clock = new RoundClock(new ManualTime());
        clock.Begin();
        return clock;
    }

    private static (string Key, long Value)[] Events(int count)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(i => i % 10 == 9
            ? ("", i - 5L)
            : ($"key {random.Next(12)}", Math.Max(0, i + random.Next(40) - 10) * (random.Next(8) == 0 ? -1L : 1)))];
    }

    private static List<string> Run((string Key, long Value)[] events, bool snapshotEach)
    {
        List<string> results = [];
        List<ProcessSubtask> subtasks = Subtasks(1, null);
        foreach ((string Key, long Value) step in events)
        {
            Feed(subtasks, step);
            if (snapshotEach)
            {
                OperatorSnapshot snapshot = subtasks[0].Snapshot();
                Collect(subtasks, results);
                subtasks = Subtasks(1, [snapshot]);
            }
        }

        Collect(subtasks, results);
        return results;
    }

    // A record to the subtask of its key, a watermark to all.
    private static void Feed(List<ProcessSubtask> subtasks, (string Key, long Value) step)
    {
        if (step.Key.Length == 0)
        {
            subtasks.ForEach(subtask => subtask.Advance(step.Value));
            return;
        }

        subtasks.Single(subtask => subtask.Owns(step.Key)).Process(step.Key, step.Value);
    }

    private static void Collect(List<ProcessSubtask> subtasks, List<string> results)
    {
        foreach (ProcessSubtask subtask in subtasks)
        {
            results.AddRange(subtask.Results);
            subtask.Dispose();
        }
    }

    private static List<ProcessSubtask> Subtasks(int parallelism, IReadOnlyList<OperatorSnapshot>? restored) =>
    [
        .. Enumerable.Range(0, parallelism).Select(i => new ProcessSubtask(
            new SumOfTens(),
            KeyGroupAssignment.RangeOf(ProcessSubtask.KeyGroups, parallelism, i),
            restored: restored)),
    ];
}
