using Millrace.Checkpointing;
using Millrace.Connectors;
using Millrace.Execution;
using Millrace.Serialization;

namespace Millrace.Jobs.Coordination;

[TestClass]
public sealed class SourceCoordinatorTests : IDisposable
{
    private static readonly OperatorId Operator = OperatorId.Parse(new string('5', 32));
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly SystemExecution _execution = new(new WorkerOptions { Threads = 1 }, null!, TimeProvider.System);

    public void Dispose() => _execution.Dispose();

    // An answer that was lost on its way is asked for again by its number.
    [TestMethod]
    public async Task The_same_number_gets_the_same_split_and_the_next_number_the_next()
    {
        SourceCoordinator<long> source = Over(new Counting());
        long first = Value(await Next(source, new ReaderAttempt(0, 0), Asks(0)));
        Assert.AreEqual(first, Value(await Next(source, new ReaderAttempt(0, 0), Asks(0))));
        Assert.AreEqual(1, Value(await Next(source, new ReaderAttempt(1, 0), Asks(0))));
        Assert.AreEqual(2, Value(await Next(source, new ReaderAttempt(0, 0), Asks(1))));
        SplitAnswer stale = await Next(source, new ReaderAttempt(0, 0), Asks(0));
        Assert.AreEqual(SplitAssignmentKind.NotNow, stale.Kind);
        Assert.AreEqual(3, Value(await Next(source, new ReaderAttempt(0, 0), Asks(2))));
    }

    [TestMethod]
    public async Task Calls_of_an_enumerator_never_overlap()
    {
        var enumerator = new Counting { Yields = true };
        SourceCoordinator<long> source = Over(enumerator);
        SplitAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(subtask =>
            Task.Run(() => source.NextAsync(new ReaderAttempt(subtask, 0), Asks(0), Long, CancellationToken.None))));

        Assert.IsFalse(enumerator.Overlapped);
        long[] all = [.. Enumerable.Range(0, 40).Select(i => (long)i)];
        CollectionAssert.AreEquivalent(all, answers.Select(Value).ToArray());
    }

    [TestMethod]
    public async Task A_reader_does_not_wait_for_ever_and_neither_does_the_one_behind_it()
    {
        var enumerator = new Counting { Blocks = true };
        SourceCoordinator<long> source = Over(enumerator);
        Task<SplitAnswer> blocked = source.NextAsync(
            new ReaderAttempt(0, 0), Asks(0), TimeSpan.FromMilliseconds(50), CancellationToken.None);
        Task<SplitAnswer> behind = source.NextAsync(
            new ReaderAttempt(1, 0), Asks(0), TimeSpan.FromMilliseconds(20), CancellationToken.None);

        Assert.AreEqual(SplitAssignmentKind.NotNow, (await behind).Kind);
        Assert.AreEqual(SplitAssignmentKind.NotNow, (await blocked).Kind);
        enumerator.Blocks = false;
        Assert.AreEqual(0, Value(await Next(source, new ReaderAttempt(1, 0), Asks(0))));
    }

    [TestMethod]
    public async Task An_enumerator_that_ignores_its_token_is_left_alone()
    {
        var enumerator = new Counting { Deaf = new TaskCompletionSource() };
        SourceCoordinator<long> source = Over(enumerator);
        Task<SplitAnswer> deaf = source.NextAsync(
            new ReaderAttempt(0, 0), Asks(0), TimeSpan.FromMilliseconds(10), CancellationToken.None);

        Assert.IsFalse(await source.DisposeAsync(TimeSpan.FromMilliseconds(30)));
        Assert.AreEqual(0, enumerator.Disposed);
        enumerator.Deaf.SetResult();
        await deaf;
        Assert.IsTrue(await source.DisposeAsync(Long));
        Assert.AreEqual(1, enumerator.Disposed);
    }

    // What a reader that has not passed the cut got now would be in its part of the checkpoint and in the source's.
    [TestMethod]
    public async Task A_reader_before_the_cut_of_a_checkpoint_waits_and_one_behind_it_does_not()
    {
        SourceCoordinator<long> source = Over(new Counting());
        await Next(source, new ReaderAttempt(0, 0), Asks(0));
        SourceSnapshot snapshot = await source.SnapshotAsync(Operator, 7, CancellationToken.None);

        GivenSplit given = snapshot.Given.Single();
        Assert.AreEqual((0, 0L), (given.Subtask, given.Number));
        CollectionAssert.AreEqual(new byte[] { 1 }, snapshot.Enumerator);
        SplitAnswer early = await Next(source, new ReaderAttempt(1, 0), Asks(0));
        Assert.AreEqual(SplitAssignmentKind.NotNow, early.Kind);
        Assert.AreEqual(1, Value(await source.NextAsync(
            new ReaderAttempt(2, 0), new SplitQuestion(0, Checkpoint: 7), Long, CancellationToken.None)));
        source.Settle(7, null);
        Assert.AreEqual(2, Value(await source.NextAsync(
            new ReaderAttempt(1, 0), Asks(0), Long, CancellationToken.None)));
    }

    [TestMethod]
    public async Task A_checkpoint_does_not_wait_for_a_reader_that_waits_for_input()
    {
        var enumerator = new Counting { Blocks = true };
        SourceCoordinator<long> source = Over(enumerator);
        Task<SplitAnswer> waiting = source.NextAsync(
            new ReaderAttempt(0, 0), Asks(0), TimeSpan.FromHours(1), CancellationToken.None);

        SourceSnapshot snapshot = await source.SnapshotAsync(Operator, 1, CancellationToken.None).WaitAsync(Long);

        Assert.IsEmpty(snapshot.Given);
        Assert.AreEqual(SplitAssignmentKind.NotNow, (await waiting.WaitAsync(Long)).Kind);
    }

    [TestMethod]
    public async Task Splits_that_were_on_their_way_at_the_cut_are_handed_out_first()
    {
        using RecordWriter writer = new();
        new SerializerSet().Get<long>().Write(writer, 42);
        byte[] returned = writer.WrittenSpan.ToArray();
        var source = new SourceCoordinator<long>(
            new Counting(), new SerializerSet().Get<long>(), _execution, [returned]);
        SourceSnapshot before = await source.SnapshotAsync(Operator, 1, CancellationToken.None);
        source.Settle(7, null);

        CollectionAssert.AreEqual(returned, before.Returned.Single());
        Assert.AreEqual(42, Value(await source.NextAsync(
            new ReaderAttempt(3, 0), Asks(0), Long, CancellationToken.None)));
        Assert.IsEmpty((await source.SnapshotAsync(Operator, 2, CancellationToken.None)).Returned);
    }

    // What a completed checkpoint shows as received is not remembered for ever, but for the last answer.
    [TestMethod]
    public async Task What_was_received_for_good_is_forgotten()
    {
        SourceCoordinator<long> source = Over(new Counting());
        for (int number = 0; number < 5; number++)
        {
            await Next(source, new ReaderAttempt(0, 0), Asks(number));
        }

        source.Settle(1, new Dictionary<int, long> { [0] = 3 });
        await Next(source, new ReaderAttempt(0, 0), Asks(5));
        SourceSnapshot snapshot = await source.SnapshotAsync(Operator, 2, CancellationToken.None);

        CollectionAssert.AreEqual(new long[] { 3, 4, 5 }, snapshot.Given.Select(given => given.Number).ToArray());
        Assert.AreEqual(5, Value(await source.NextAsync(
            new ReaderAttempt(0, 0), Asks(5), Long, CancellationToken.None)));
    }

    // Its region runs again while other readers read on.
    [TestMethod]
    public async Task A_reader_that_begins_anew_gets_again_what_the_latest_checkpoint_does_not_hold()
    {
        SourceCoordinator<long> source = Over(new Counting());
        for (int number = 0; number < 5; number++)
        {
            await Next(source, new ReaderAttempt(0, 0), Asks(number));
        }

        await Next(source, new ReaderAttempt(1, 0), Asks(0));
        source.Settle(1, new Dictionary<int, long> { [0] = 3, [1] = 1 });
        source.Reset(attempt: 2, [0]);

        SplitAnswer late = await Next(source, new ReaderAttempt(0, 0), Asks(5));
        Assert.AreEqual(SplitAssignmentKind.NotNow, late.Kind);
        Assert.AreEqual(3, Value(await Next(source, new ReaderAttempt(0, 2), Asks(0))));
        Assert.AreEqual(4, Value(await Next(source, new ReaderAttempt(0, 2), Asks(1))));
        Assert.AreEqual(6, Value(await Next(source, new ReaderAttempt(0, 2), Asks(2))));
        Assert.AreEqual(7, Value(await Next(source, new ReaderAttempt(1, 0), Asks(1))));
    }

    // It counts its splits anew, and so do the checkpoints from then on.
    [TestMethod]
    public async Task What_a_reader_has_got_is_counted_from_the_attempt_that_got_it()
    {
        SourceCoordinator<long> source = Over(new Counting());
        for (int number = 0; number < 4; number++)
        {
            await Next(source, new ReaderAttempt(0, 0), Asks(number));
        }

        // Nobody asks between these.
        source.Settle(1, new Dictionary<int, long> { [0] = 3 });
        source.Reset(attempt: 1, [0]);
        SourceSnapshot before = await source.SnapshotAsync(Operator, 2, CancellationToken.None);
        source.Settle(2, new Dictionary<int, long> { [0] = 0 });
        source.Reset(attempt: 2, [0]);

        Assert.AreEqual(0, before.Given.Single().Number);
        Assert.AreEqual(3, Value(await Next(source, new ReaderAttempt(0, 2), Asks(0))));
        source.Settle(3, new Dictionary<int, long> { [0] = 1 });
        source.Reset(attempt: 3, [0]);
        Assert.AreEqual(4, Value(await Next(source, new ReaderAttempt(0, 3), Asks(0))));
    }

    // What it had read was all in the checkpoint, the end of it too.
    [TestMethod]
    public async Task A_reader_that_had_finished_gets_nothing_again()
    {
        SourceCoordinator<long> source = Over(new Counting());
        await Next(source, new ReaderAttempt(0, 0), Asks(0));
        await Next(source, new ReaderAttempt(0, 0), Asks(1));
        source.Settle(1, new Dictionary<int, long> { [0] = long.MaxValue });
        source.Reset(attempt: 1, [0]);

        Assert.AreEqual(2, Value(await Next(source, new ReaderAttempt(0, 1), Asks(0))));
    }

    private static Task<SplitAnswer> Next(
        SourceCoordinator<long> source, ReaderAttempt reader, SplitQuestion question) =>
        source.NextAsync(reader, question, Long, CancellationToken.None);

    private static SplitQuestion Asks(long number) => new(number);

    private SourceCoordinator<long> Over(Counting enumerator) =>
        new(enumerator, new SerializerSet().Get<long>(), _execution);

    private static long Value(SplitAnswer answer)
    {
        Assert.AreEqual(SplitAssignmentKind.Assigned, answer.Kind);
        RecordReader reader = new(answer.Split);
        return new SerializerSet().Get<long>().Read(ref reader);
    }

    private sealed class Counting : ISplitEnumerator<long>
    {
        private long _next;
        private int _inside;

        public bool Yields { get; init; }

        public bool Blocks { get; set; }

        public TaskCompletionSource? Deaf { get; init; }

        public bool Overlapped { get; private set; }

        public int Disposed { get; private set; }

        public ValueTask StartAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public async ValueTask<SplitAssignment<long>> NextAsync(int subtask, CancellationToken cancellationToken)
        {
            Overlapped |= Interlocked.Increment(ref _inside) > 1;
            try
            {
                if (Blocks)
                {
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }

                if (Deaf is not null)
                {
                    await Deaf.Task;
                }

                if (Yields)
                {
                    await Task.Yield();
                }

                return SplitAssignment<long>.Of(_next++);
            }
            finally
            {
                Interlocked.Decrement(ref _inside);
            }
        }

        public void AddBack(IReadOnlyList<long> splits, int subtask) => throw new NotSupportedException();

        public byte[] Snapshot() => [(byte)_next];

        public ValueTask DisposeAsync()
        {
            Disposed++;
            return ValueTask.CompletedTask;
        }
    }
}
