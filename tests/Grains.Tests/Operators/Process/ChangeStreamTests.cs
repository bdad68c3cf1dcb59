using Millrace.Batches;
using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Functions;
using Millrace.Graph;
using Millrace.Operators.Outputs;
using Millrace.Serialization;
using Millrace.State;
using Millrace.State.Heap;

namespace Millrace.Operators.Process;

[TestClass]
public sealed class ChangeStreamTests
{
    [TestMethod]
    public void An_update_is_an_insert_at_first_then_a_pair_and_nothing_when_nothing_changes()
    {
        Collected changes = new();

        changes.EmitUpdate("", false, "a");
        changes.EmitUpdate("a", true, "b");
        changes.EmitUpdate("b", true, "b");

        CollectionAssert.AreEqual(
            new[] { Change<string>.Insert("a"), Change<string>.UpdateBefore("a"), Change<string>.UpdateAfter("b") },
            changes.All);
    }

    [TestMethod]
    public void What_does_not_hold_any_more_is_a_retraction()
    {
        Assert.IsTrue(Change<int>.UpdateBefore(1).IsRetraction);
        Assert.IsTrue(Change<int>.Delete(1).IsRetraction);
        Assert.IsFalse(Change<int>.Insert(1).IsRetraction);
        Assert.IsFalse(Change<int>.UpdateAfter(1).IsRetraction);
    }

    // Key 1 is updated, 2 deleted, 3 deleted and inserted again; of 4 only the half that is left aside comes.
    [TestMethod]
    public void Final_rows_are_those_that_hold_when_time_ends()
    {
        Change<(int Key, string Text)>[] changes =
        [
            Change<(int, string)>.Insert((1, "old")),
            Change<(int, string)>.Insert((2, "gone")),
            Change<(int, string)>.Insert((3, "gone")),
            Change<(int, string)>.UpdateBefore((1, "old")),
            Change<(int, string)>.UpdateAfter((1, "new")),
            Change<(int, string)>.Delete((2, "gone")),
            Change<(int, string)>.Delete((3, "gone")),
            Change<(int, string)>.Insert((3, "back")),
            Change<(int, string)>.UpdateBefore((4, "never seen")),
        ];

        (List<(int, string)> before, List<(int, string)> after) = FinalRows(changes);

        Assert.IsEmpty(before);
        CollectionAssert.AreEquivalent(new[] { (1, "new"), (3, "back") }, after);
    }

    private static (List<(int, string)> Before, List<(int, string)> After) FinalRows(
        Change<(int Key, string Text)>[] changes)
    {
        var loop = new ClockLoop();
        var clock = new RoundClock(loop.Clock);
        clock.Begin();
        var output = new TestOutput<(int, string)>(1, _ => true);
        using var step = new KeyedProcessOperator<int, Change<(int Key, string Text)>, (int, string)>(
            new(
                new ElementsTransformation<Change<(int Key, string Text)>>([]),
                change => change.Row.Key,
                new LastOfEachKey<int, (int, string)>()),
            new HeapStateBackend<int>(new("FinalRows", new SerializerSet(), 12, new KeyGroupRange(0, 12), loop.Clock)),
            loop,
            clock,
            output,
            new SideOutputs("FinalRows"));
        step.Open(name => new TestRuntimeContext(time: loop.Clock) { Operator = name });
        var pool = new BatchPool<Change<(int Key, string Text)>>(16, BatchLayout.None, new BatchAccount());
        RecordBatch<Change<(int Key, string Text)>> batch = pool.Rent();
        changes.CopyTo(batch.Values, 0);
        batch.Count = changes.Length;
        Assert.AreEqual(changes.Length, step.Process(batch, 0, changes.Length));
        batch.Release();
        Assert.IsTrue(step.Advance(1_000));
        List<(int, string)> before = [.. output.Records];
        Assert.IsTrue(step.Advance(long.MaxValue));
        return (before, [.. output.Records]);
    }

    private sealed class Collected : ICollector<Change<string>>
    {
        public List<Change<string>> All { get; } = [];

        public void Emit(Change<string> value) => All.Add(value);
    }
}
