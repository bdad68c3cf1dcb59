using Millrace.Batches;
using Millrace.Connectors;
using Millrace.Functions;
using Millrace.Functions.Async;
using Millrace.Graph.Async;
using Millrace.Joins;
using Millrace.Operators.Async.Lookups;
using Millrace.Serialization;

namespace Millrace.Operators.Async;

/// <summary>Snapshots while records wait in front of an asynchronous function, and its end.</summary>
[TestClass]
public sealed class AsyncAsideTests
{
    [TestMethod]
    public void A_snapshot_does_not_wait_for_answers_with_the_rest_of_a_batch()
    {
        using var subtask = new AsyncSubtask(new AsyncCase(Capacity: 2));
        using OperatorInput<int> input = subtask.Input();
        input.Add(BatchOf(1, 2, 3, 4, 5), watermark: 60);
        input.Add(BatchOf(6), watermark: 70);
        Assert.IsFalse(input.Run(), "no more than two are under way");

        Assert.IsTrue(input.TakeAside());
        input.Run();
        Assert.IsTrue(input.TakeAside(), "the next batch");
        Assert.IsTrue(input.Run(), "nothing is left in front of it");

        Assert.IsFalse(input.TakeAside());
        Assert.IsFalse(subtask.CanTake);
        CollectionAssert.AreEqual((int[])[1, 2], subtask.Function.Asked, "calls wait for their turn");
        using var restored = new AsyncSubtask(new AsyncCase(), restored: [subtask.Snapshot()]);
        restored.Round();
        CollectionAssert.AreEqual((int[])[1, 2, 3, 4, 5, 6], restored.Function.Asked);
        for (int i = 1; i <= 6; i++)
        {
            subtask.Function.Answer(i, $"{i}");
            subtask.Round();
        }

        CollectionAssert.AreEqual((string[])["1", "2", "3", "4", "5", "6"], subtask.Results);
        CollectionAssert.AreEqual((long[])[10, 20, 30, 40, 50, 60], subtask.Timestamps);
        CollectionAssert.AreEqual(((long, int)[])[(60, 5), (70, 6)], subtask.Watermarks);
        Assert.IsTrue(subtask.CanTake);
    }

    // There is room again while some still wait for their call: what is new comes behind all of them.
    [TestMethod]
    public void Nothing_new_is_taken_between_those_that_wait_for_their_call()
    {
        using var subtask = new AsyncSubtask(new AsyncCase(Capacity: 2));
        using OperatorInput<int> input = subtask.Input();
        input.Add(BatchOf(1, 2, 3), RecordBatch.NoWatermark);
        input.Run();
        Assert.IsTrue(input.TakeAside());
        subtask.Function.Answer(1, "1");
        subtask.Function.Answer(2, "2");
        input.Add(BatchOf(4, 5), RecordBatch.NoWatermark);
        input.Run();
        input.TakeAside();
        for (int round = 0; round < 20; round++)
        {
            input.Run();
            subtask.Round();
            foreach (AskedFunction.Call call in subtask.Function.UnderWay.ToArray())
            {
                call.Answer($"{call.Value}");
            }
        }

        CollectionAssert.AreEqual((int[])[1, 2, 3, 4, 5], subtask.Function.Asked);
        CollectionAssert.AreEqual((string[])["1", "2", "3", "4", "5"], subtask.Results);
    }

    // Nothing else comes that would wake it.
    [TestMethod]
    public void Those_that_wait_are_called_as_soon_as_there_is_room()
    {
        using var subtask = new AsyncSubtask(new AsyncCase(Capacity: 2));
        using OperatorInput<int> input = subtask.Input();
        input.Add(BatchOf(1, 2, 3, 4, 5, 6), RecordBatch.NoWatermark);
        input.Run();
        Assert.IsTrue(input.TakeAside());
        subtask.Function.Answer(1, "1");
        subtask.Function.Answer(2, "2");
        int wakes = subtask.Loop.WakeUps;
        subtask.Round();

        Assert.IsTrue(subtask.Function.Asked.Count == 4 || subtask.Loop.WakeUps > wakes, "nobody calls them");
        subtask.Round();
        CollectionAssert.AreEqual((int[])[1, 2, 3, 4], subtask.Function.Asked);
    }

    [TestMethod]
    public void What_is_taken_aside_has_a_limit()
    {
        using var subtask = new AsyncSubtask(new AsyncCase(Capacity: 2));
        using OperatorInput<int> input = subtask.Input();
        for (int i = 0; i < 30; i++)
        {
            input.Add(BatchOf([.. Enumerable.Range(100 * i, 100)]), RecordBatch.NoWatermark);
        }

        input.Run();
        while (input.TakeAside())
        {
            input.Run();
        }

        Assert.IsFalse(input.IsEmpty);
        Assert.AreEqual(2 + 2_048, input.Records);
    }

    [TestMethod]
    public void A_function_of_a_lookup_join_is_closed_though_its_output_cannot_be()
    {
        var loop = new TestLoop();
        var closed = new Closing();
        var step = new AsyncWaitOperator<int, int, int, JoinEmission<int, int, int, Closing>>(
            new(
                "Ask",
                new DelegateAsync<int, int>((value, _) => ValueTask.FromResult(value)),
                null,
                new AsyncWait(true, TimeSpan.FromSeconds(1), 10),
                new("Ask", new SerializerSet()),
                loop,
                loop.Clock),
            new JoinEmission<int, int, int, Closing>(closed, withoutRows: false),
            new BrokenOutput());
        step.Open(name => new TestRuntimeContext { Operator = name });

        Assert.ThrowsExactly<InvalidDataException>(step.Dispose);

        Assert.IsTrue(closed.IsClosed);
    }

    private static RecordBatch<int> BatchOf(params int[] values)
    {
        RecordBatch<int> batch =
            new BatchPool<int>(values.Length, BatchLayout.Timestamps, new BatchAccount()).Rent();
        foreach (int value in values)
        {
            batch.Timestamps![batch.Count] = value * 10L;
            batch.Values[batch.Count++] = value;
        }

        return batch;
    }

    private sealed class Closing : IJoinFunction<int, int, int>, IRichFunction
    {
        public bool IsClosed { get; private set; }

        public void Open(RuntimeContext context)
        {
        }

        public int Join(int left, int right) => left;

        public void Close() => IsClosed = true;
    }

    private sealed class BrokenOutput()
        : Output<int>(new BatchPool<int>(1, BatchLayout.None, new BatchAccount()))
    {
        public override bool IsAvailable => true;

        public override void EndRound()
        {
        }

        public override void Emit(StreamElement control)
        {
        }

        public override void EmitWatermark(long timestamp)
        {
        }

        public override void Dispose()
        {
            base.Dispose();
            throw new InvalidDataException("It cannot be closed.");
        }

        protected override void Deliver(RecordBatch<int> batch) => batch.Release();
    }
}
