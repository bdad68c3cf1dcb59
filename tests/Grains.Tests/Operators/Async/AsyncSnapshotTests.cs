using Millrace.State.Snapshots;

namespace Millrace.Operators.Async;

/// <summary>What is under way survives.</summary>
[TestClass]
public sealed class AsyncSnapshotTests
{
    [TestMethod]
    public void Records_under_way_are_asked_for_again_after_a_restore_with_their_times()
    {
        OperatorSnapshot snapshot;
        using (var subtask = new AsyncSubtask(new AsyncCase()))
        {
            subtask.Take(1, 2, 3);
            subtask.Function.Answer(2, "lost");
            subtask.Round();
            snapshot = subtask.Snapshot();
        }

        using var restored = new AsyncSubtask(new AsyncCase(), restored: [snapshot]);
        restored.Round();
        restored.Take(4);

        CollectionAssert.AreEqual((int[])[1, 2, 3, 4], restored.Function.Asked);
        foreach (int value in (int[])[4, 3, 2, 1])
        {
            restored.Function.Answer(value, $"{value}");
        }

        restored.Round();
        CollectionAssert.AreEqual((string[])["1", "2", "3", "4"], restored.Results);
        CollectionAssert.AreEqual((long[])[10, 20, 30, 40], restored.Timestamps);
        Assert.AreEqual(
            "a record that was under way when the snapshot was taken",
            FailureOf(new AsyncSubtask(new AsyncCase(), restored: [snapshot]))[..55]);
    }

    // With less parallelism there is more under way than there is room for: asked in turn, and nothing new meanwhile.
    [TestMethod]
    public void More_records_than_the_capacity_are_asked_for_in_turn_before_new_ones()
    {
        OperatorSnapshot[] snapshots = [.. Enumerable.Range(0, 3).Select(i => Holding(i * 2, (i * 2) + 1))];
        using var restored = new AsyncSubtask(new AsyncCase(Capacity: 2), restored: snapshots);
        restored.Round();
        Assert.IsFalse(restored.Offer(9));
        CollectionAssert.AreEqual((int[])[0, 1], restored.Function.Asked);
        Assert.IsTrue(restored.Advance(5));

        for (int i = 0; i < 6; i++)
        {
            restored.Function.Answer(i, $"{i}");
            restored.Round();
        }

        CollectionAssert.AreEqual((int[])[0, 1, 2, 3, 4, 5], restored.Function.Asked);
        CollectionAssert.AreEqual((string[])["0", "1", "2", "3", "4", "5"], restored.Results);
        Assert.AreEqual((5, 6), restored.Watermarks.Single());
        restored.Take(9);
    }

    [TestMethod]
    public void With_another_parallelism_each_record_under_way_goes_to_one_subtask()
    {
        OperatorSnapshot[] snapshots = [Holding(0, 1, 2, 3, 4), Holding(5, 6)];
        List<int> asked = [];
        for (int i = 0; i < 3; i++)
        {
            using var subtask = new AsyncSubtask(
                new AsyncCase { Subtask = i, Parallelism = 3 }, restored: snapshots);
            subtask.Round();
            Assert.IsGreaterThan(1, subtask.Function.Asked.Count);
            asked.AddRange(subtask.Function.Asked);
        }

        CollectionAssert.AreEqual((int[])[0, 1, 2, 3, 4, 5, 6], asked);
    }

    [TestMethod]
    public void A_snapshot_before_anything_was_asked_again_holds_everything()
    {
        using var first = new AsyncSubtask(new AsyncCase(Capacity: 1), restored: [Holding(1, 2, 3)]);
        using var second = new AsyncSubtask(new AsyncCase(), restored: [first.Snapshot()]);
        second.Round();

        CollectionAssert.AreEqual((int[])[1, 2, 3], second.Function.Asked);
    }

    // Everything at random, against what must hold: order, time, and each record's results once.
    [TestMethod]
    [DataRow(true, 0)]
    [DataRow(true, 2)]
    [DataRow(true, 5)]
    [DataRow(false, 0)]
    [DataRow(false, 2)]
    [DataRow(false, 5)]
    public void Whatever_happens_in_whatever_order_results_are_those_of_the_records(bool ordered, int restores)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            using var run = new AsyncChaos(seed, ordered, restores);
            run.RunToEnd();
            run.Verify();
        }
    }

    private static string FailureOf(AsyncSubtask subtask)
    {
        using (subtask)
        {
            subtask.Round();
            subtask.Function.Fail(1, "again");
            Assert.ThrowsExactly<InvalidDataException>(subtask.Round);
            return subtask.FailedPosition!;
        }
    }

    private static OperatorSnapshot Holding(params int[] values)
    {
        using var subtask = new AsyncSubtask(new AsyncCase());
        subtask.Take(values);
        return subtask.Snapshot();
    }
}
