using Millrace.Batches;
using Millrace.Connectors;
using Millrace.Functions;
using Millrace.Functions.Async;
using Millrace.Graph.Async;
using Millrace.Serialization;

namespace Millrace.Operators.Async;

[TestClass]
[Verifies(typeof(AsyncWaitOperator<,,,>))]
public sealed class AsyncWaitOperatorTests
{
    private static readonly int[] Input = [.. Enumerable.Range(0, 60)];

    // A function that answers at once: each way of running it gives what a flat map would give.
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Answers_at_once_go_on_at_once_however_it_is_run(bool ordered)
    {
        var loop = new TestLoop();
        OperatorVerifier.VerifyKeyed(
            (_, output) => AtOnce(loop, output, ordered),
            value => value % 12,
            12,
            Input,
            [.. Input.SelectMany(value => Enumerable.Repeat($"<{value}>", value % 3))]);
    }

    [TestMethod]
    public void In_order_a_late_answer_holds_up_those_behind_it()
    {
        using var subtask = new AsyncSubtask(new AsyncCase());
        subtask.Take(1, 2, 3);
        subtask.Function.Answer(3, "c");
        subtask.Function.Answer(2, "b", "b2");
        subtask.Round();

        Assert.IsEmpty(subtask.Results);

        subtask.Function.Answer(1);
        subtask.Round();

        CollectionAssert.AreEqual((string[])["b", "b2", "c"], subtask.Results);
        CollectionAssert.AreEqual((long[])[20, 20, 30], subtask.Timestamps);
    }

    [TestMethod]
    public void Without_order_answers_overtake_but_no_watermark()
    {
        using var subtask = new AsyncSubtask(new AsyncCase(IsOrdered: false));
        subtask.Take(1, 2);
        Assert.IsTrue(subtask.Advance(20));
        subtask.Take(3);
        subtask.Function.Answer(3, "c");
        subtask.Function.Answer(2, "b");
        subtask.Round();

        CollectionAssert.AreEqual((string[])["b"], subtask.Results);
        Assert.IsEmpty(subtask.Watermarks);

        subtask.Function.Answer(1, "a");
        subtask.Round();

        CollectionAssert.AreEqual((string[])["b", "a", "c"], subtask.Results);
        CollectionAssert.AreEqual(((long, int)[])[(20, 2)], subtask.Watermarks);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_status_keeps_its_place_between_records_and_watermarks(bool ordered)
    {
        using var subtask = new AsyncSubtask(new AsyncCase(ordered));
        subtask.Take(1);
        subtask.Change(WatermarkStatus.Idle);
        subtask.Change(WatermarkStatus.Active);
        subtask.Advance(15);
        subtask.Take(2);
        subtask.Advance(25);
        subtask.Change(WatermarkStatus.Idle);
        subtask.Function.Answer(2, "b");
        subtask.Round();
        Assert.IsEmpty(subtask.Controls);

        subtask.Function.Answer(1, "a");
        subtask.Round();

        CollectionAssert.AreEqual(
            (StreamElement[])[WatermarkStatus.Active, WatermarkStatus.Idle], subtask.Controls);
        CollectionAssert.AreEqual(((long, int)[])[(15, 1), (25, 2)], subtask.Watermarks);
    }

    [TestMethod]
    public void With_as_many_records_under_way_as_its_capacity_it_takes_none_and_wakes_its_loop_when_it_can()
    {
        using var subtask = new AsyncSubtask(new AsyncCase(Capacity: 2));
        subtask.Take(1, 2);
        Assert.IsFalse(subtask.CanTake);
        Assert.IsFalse(subtask.Offer(3));
        CollectionAssert.AreEqual((int[])[1, 2], subtask.Function.Asked);

        subtask.Function.Answer(2, "b");
        subtask.Round();
        Assert.IsFalse(subtask.CanTake, "a result that waits for its turn takes room");

        subtask.Function.Answer(1, "a");
        int wakeUps = subtask.Loop.WakeUps;
        subtask.Round();

        Assert.IsTrue(subtask.CanTake);
        Assert.IsGreaterThan(wakeUps, subtask.Loop.WakeUps);
        subtask.Take(3);
    }

    // A call may end on any thread: nothing but a wish for a round may come of it there.
    [TestMethod]
    public void Where_a_call_ends_nothing_is_emitted_but_the_loop_is_woken_once()
    {
        using var subtask = new AsyncSubtask(new AsyncCase());
        subtask.Take(1, 2);
        int wakeUps = subtask.Loop.WakeUps;

        subtask.Function.Answer(1, "a");
        subtask.Function.Answer(2, "b");

        Assert.IsEmpty(subtask.Results);
        Assert.AreEqual(wakeUps + 1, subtask.Loop.WakeUps);
    }

    [TestMethod]
    public void The_end_waits_for_all_that_is_under_way()
    {
        using var subtask = new AsyncSubtask(new AsyncCase());
        subtask.Take(1, 2);
        subtask.Advance(long.MaxValue);
        Assert.IsFalse(subtask.Finish());
        subtask.Function.Answer(2, "b");
        subtask.Round();
        Assert.IsFalse(subtask.Finish());

        subtask.Function.Answer(1, "a");
        int wakeUps = subtask.Loop.WakeUps;
        subtask.Round();
        Assert.IsGreaterThan(wakeUps, subtask.Loop.WakeUps);
        Assert.IsTrue(subtask.Finish());

        Assert.IsTrue(subtask.IsFinished);
        CollectionAssert.AreEqual((string[])["a", "b"], subtask.Results);
        CollectionAssert.AreEqual((StreamElement[])[EndOfData.Instance], subtask.Controls);
    }

    [TestMethod]
    public void A_failure_is_thrown_on_the_loop_and_tells_which_record_it_is_about()
    {
        using var subtask = new AsyncSubtask(new AsyncCase());
        subtask.Take(7, 8);
        subtask.Function.Fail(8, "no such thing");

        InvalidDataException failure = Assert.ThrowsExactly<InvalidDataException>(subtask.Round);

        Assert.AreEqual("no such thing", failure.Message);
        Assert.AreEqual(
            "record 1 of the operator's input, from 0, with timestamp 80, attempt 1 of function AskedFunction",
            subtask.FailedPosition);
    }

    [TestMethod]
    public void When_it_is_closed_calls_under_way_are_canceled_and_what_they_answer_is_dropped()
    {
        var subtask = new AsyncSubtask(new AsyncCase());
        subtask.Take(1, 2, 3);
        subtask.Function.Answer(1, "a");
        AskedFunction.Call[] calls = [.. subtask.Function.UnderWay];

        subtask.Dispose();

        Assert.IsTrue(subtask.Function.IsClosed);
        Assert.IsTrue(Array.TrueForAll(calls, call => call.CancellationToken.IsCancellationRequested));
        int wakeUps = subtask.Loop.WakeUps;
        calls[0].Answer("b");
        calls[1].Fail("too late");
        Assert.AreEqual(wakeUps, subtask.Loop.WakeUps);
        Assert.IsEmpty(subtask.Results);
    }

    [TestMethod]
    public void An_answer_at_once_allocates_nothing()
    {
        var loop = new TestLoop();
        using var output = new TestOutput<int>(1_024, _ => true);
        using var step = new AsyncWaitOperator<int, int, int, ResultsEmission<int, int>>(
            new(
                "Ask",
                new DelegateAsync<int, int>((value, _) => ValueTask.FromResult(value + 1)),
                null,
                new AsyncWait(true, TimeSpan.FromSeconds(1), 10),
                new("Ask", new SerializerSet()),
                loop,
                loop.Clock),
            default,
            output);
        step.Open(name => new TestRuntimeContext { Operator = name });
        RecordBatch<int> batch = new BatchPool<int>(500, BatchLayout.None, new BatchAccount()).Rent();
        batch.Count = 500;
        step.Process(batch, 0, 500);
        step.EndRound();
        output.Records.Clear();

        long before = GC.GetAllocatedBytesForCurrentThread();
        step.Process(batch, 0, 500);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        step.EndRound();
        Assert.AreEqual(0, allocated);
        Assert.HasCount(500, output.Records);
    }

    private static AsyncWaitOperator<int, string, string, ResultsEmission<int, string>> AtOnce(
        TestLoop loop, Output<string> output, bool ordered) => new(
        new(
            "Ask",
            new Repeated(),
            null,
            new AsyncWait(ordered, TimeSpan.FromSeconds(1), 5),
            new("Ask", new SerializerSet()),
            loop,
            loop.Clock),
        default,
        output);

    private sealed class Repeated : AsyncFunction<int, string>
    {
        public override ValueTask InvokeAsync(
            int value, ICollector<string> output, CancellationToken cancellationToken)
        {
            for (int i = 0; i < value % 3; i++)
            {
                output.Emit($"<{value}>");
            }

            return default;
        }
    }
}
