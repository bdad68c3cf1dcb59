using Millrace.Connectors;
using Millrace.Execution;
using Millrace.Jobs.Coordination;
using Millrace.Serialization;

namespace Millrace.Jobs;

[TestClass]
public sealed class SourceCoordinatorTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly SystemExecution _execution = new(new WorkerOptions { Threads = 1 }, null!, TimeProvider.System);

    public void Dispose() => _execution.Dispose();

    // An answer that was lost on its way is asked for again by its number.
    [TestMethod]
    public async Task The_same_number_gets_the_same_split_and_the_next_number_the_next()
    {
        SourceCoordinator<long> source = Over(new Counting());
        long first = Value(await source.NextAsync(new ReaderAttempt(0, 0), 0, Long, CancellationToken.None));
        Assert.AreEqual(first, Value(await source.NextAsync(new ReaderAttempt(0, 0), 0, Long, CancellationToken.None)));
        Assert.AreEqual(1, Value(await source.NextAsync(new ReaderAttempt(1, 0), 0, Long, CancellationToken.None)));
        Assert.AreEqual(2, Value(await source.NextAsync(new ReaderAttempt(0, 0), 1, Long, CancellationToken.None)));
        SplitAnswer stale = await source.NextAsync(new ReaderAttempt(0, 0), 0, Long, CancellationToken.None);
        Assert.AreEqual(SplitAssignmentKind.NotNow, stale.Kind);
        Assert.AreEqual(3, Value(await source.NextAsync(new ReaderAttempt(0, 0), 2, Long, CancellationToken.None)));
    }

    [TestMethod]
    public async Task Calls_of_an_enumerator_never_overlap()
    {
        var enumerator = new Counting { Yields = true };
        SourceCoordinator<long> source = Over(enumerator);
        SplitAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(subtask =>
            Task.Run(() => source.NextAsync(new ReaderAttempt(subtask, 0), 0, Long, CancellationToken.None))));

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
            new ReaderAttempt(0, 0), 0, TimeSpan.FromMilliseconds(50), CancellationToken.None);
        Task<SplitAnswer> behind = source.NextAsync(
            new ReaderAttempt(1, 0), 0, TimeSpan.FromMilliseconds(20), CancellationToken.None);

        Assert.AreEqual(SplitAssignmentKind.NotNow, (await behind).Kind);
        Assert.AreEqual(SplitAssignmentKind.NotNow, (await blocked).Kind);
        enumerator.Blocks = false;
        Assert.AreEqual(0, Value(await source.NextAsync(new ReaderAttempt(1, 0), 0, Long, CancellationToken.None)));
    }

    [TestMethod]
    public async Task An_enumerator_that_ignores_its_token_is_left_alone()
    {
        var enumerator = new Counting { Deaf = new TaskCompletionSource() };
        SourceCoordinator<long> source = Over(enumerator);
        Task<SplitAnswer> deaf = source.NextAsync(
            new ReaderAttempt(0, 0), 0, TimeSpan.FromMilliseconds(10), CancellationToken.None);

        Assert.IsFalse(await source.DisposeAsync(TimeSpan.FromMilliseconds(30)));
        Assert.AreEqual(0, enumerator.Disposed);
        enumerator.Deaf.SetResult();
        await deaf;
        Assert.IsTrue(await source.DisposeAsync(Long));
        Assert.AreEqual(1, enumerator.Disposed);
    }

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

        public ValueTask DisposeAsync()
        {
            Disposed++;
            return ValueTask.CompletedTask;
        }
    }
}
