using System.Collections.Concurrent;

namespace Millrace.Execution;

[TestClass]
public sealed class CooperativeWorkersTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [TestMethod]
    public async Task A_loop_runs_when_it_is_woken_and_never_overlaps_with_itself()
    {
        using var workers = new CooperativeWorkers(new WorkerOptions { Threads = 4 }, TimeProvider.System, null);
        var loop = new CountingLoop(wanted: 20_000);
        LoopHandle handle = workers.Start(loop, new LoopShare("job"));

        // Woken from many threads while it runs: a wake-up that gets lost makes this wait forever.
        Task[] wakers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (!handle.Completion.IsCompleted)
            {
                loop.Offer();
                handle.Wake();
            }
        }))];

        await handle.Completion.WaitAsync(Patience);
        await Task.WhenAll(wakers);
        Assert.AreEqual(0, loop.Overlaps);
    }

    [TestMethod]
    public async Task A_loop_that_was_not_woken_does_not_run()
    {
        using var workers = new CooperativeWorkers(new WorkerOptions { Threads = 1 }, TimeProvider.System, null);
        var still = new CountingLoop(wanted: 1);
        workers.Start(still, new LoopShare("a"));
        var other = new CountingLoop(wanted: 1);
        other.Offer();
        LoopHandle handle = workers.Start(other, new LoopShare("b"));

        handle.Wake();
        await handle.Completion.WaitAsync(Patience);

        Assert.AreEqual(0, still.Rounds);
    }

    // One thread, one loop that blocks it: without a replacement the other loop would never run.
    [TestMethod]
    public async Task A_loop_that_blocks_loses_its_worker_to_the_others()
    {
        var blocked = new ConcurrentQueue<string>();
        using var workers = new CooperativeWorkers(
            new WorkerOptions { Threads = 1, BlockedAfter = TimeSpan.FromMilliseconds(20) },
            TimeProvider.System,
            blocked.Enqueue);
        using var gate = new ManualResetEventSlim();
        LoopHandle blocking = workers.Start(new ActionLoop("stuck", gate.Wait), new LoopShare("a"));
        var other = new CountingLoop(wanted: 1);
        LoopHandle running = workers.Start(other, new LoopShare("b"));

        blocking.Wake();
        other.Offer();
        running.Wake();
        await running.Completion.WaitAsync(Patience);

        Assert.IsFalse(blocking.Completion.IsCompleted);
        CollectionAssert.AreEqual(new[] { "stuck" }, blocked.ToArray());
        gate.Set();
        await blocking.Completion.WaitAsync(Patience);
    }

    [TestMethod]
    public async Task A_loop_that_throws_ends_and_takes_no_worker_along()
    {
        using var workers = new CooperativeWorkers(new WorkerOptions { Threads = 1 }, TimeProvider.System, null);
        var throwing = new ActionLoop("bad", () => throw new FormatException("no"));
        LoopHandle bad = workers.Start(throwing, new LoopShare("a"));
        bad.Wake();
        await Assert.ThrowsExactlyAsync<FormatException>(() => bad.Completion.WaitAsync(Patience));

        LoopHandle good = workers.Start(new ActionLoop("good", () => { }), new LoopShare("a"));
        good.Wake();

        await good.Completion.WaitAsync(Patience);
    }

    // A job with many loops gets no more of the workers than a job with one.
    [TestMethod]
    public async Task Shares_go_by_job_first()
    {
        using var workers = new CooperativeWorkers(new WorkerOptions { Threads = 1 }, TimeProvider.System, null);
        SpinningLoop[] many = [.. Enumerable.Range(0, 8).Select(_ => new SpinningLoop())];
        var single = new SpinningLoop();
        LoopHandle[] handles =
        [
            .. many.Select(loop => workers.Start(loop, new LoopShare("many"))),
            workers.Start(single, new LoopShare("one")),
        ];
        foreach (LoopHandle handle in handles)
        {
            handle.Wake();
        }

        await single.After(200).WaitAsync(Patience);
        long others = many.Sum(loop => loop.Rounds);
        foreach (SpinningLoop loop in many.Append(single))
        {
            loop.Stop();
        }

        await Task.WhenAll(handles.Select(handle => handle.Completion)).WaitAsync(Patience);
        Assert.IsTrue(others is > 50 and < 800, $"200 rounds of the one, {others} of the many");
    }

    private sealed class ActionLoop(string name, Action round) : ILoop
    {
        public string Name => name;

        public LoopStatus RunRound()
        {
            round();
            return LoopStatus.Done;
        }
    }

    private sealed class CountingLoop(int wanted) : ILoop
    {
        private int _offered;
        private int _inside;

        public string Name => "counting";

        public int Rounds { get; private set; }

        public int Overlaps { get; private set; }

        public void Offer() => Interlocked.Increment(ref _offered);

        public LoopStatus RunRound()
        {
            Overlaps += Interlocked.Exchange(ref _inside, 1);
            Rounds++;
            int offered = Volatile.Read(ref _offered);
            Interlocked.Exchange(ref _inside, 0);
            return offered >= wanted ? LoopStatus.Done : LoopStatus.Waiting;
        }
    }

    private sealed class SpinningLoop : ILoop
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _rounds;
        private long _wanted = long.MaxValue;
        private volatile bool _stopped;

        public string Name => "spinning";

        public long Rounds => Interlocked.Read(ref _rounds);

        public Task After(long rounds)
        {
            Interlocked.Exchange(ref _wanted, rounds);
            return _reached.Task;
        }

        public void Stop() => _stopped = true;

        public LoopStatus RunRound()
        {
            long end = TimeProvider.System.GetTimestamp() + (TimeProvider.System.TimestampFrequency / 2_000);
            while (TimeProvider.System.GetTimestamp() < end)
            {
            }

            if (Interlocked.Increment(ref _rounds) >= Interlocked.Read(ref _wanted))
            {
                _reached.TrySetResult();
            }

            return _stopped ? LoopStatus.Done : LoopStatus.Ready;
        }
    }
}
