using Millrace.Network;

namespace Millrace.Execution;

/// <summary>Loops that do what no loop should.</summary>
[TestClass]
public sealed class BlockingLoopsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(20);

    // One thread, one loop that blocks it: without a replacement the other loop would never run.
    [TestMethod]
    public async Task A_loop_that_blocks_loses_its_worker_to_the_others_and_is_named_with_its_operator()
    {
        var log = new LogLines();
        using CooperativeWorkers workers = Start(log);
        using var gate = new ManualResetEventSlim();
        LoopHandle blocking = workers.Start(Blocking("stuck", gate), new LoopShare("a"));
        LoopHandle running = workers.Start(new TestLoop(_ => LoopStatus.Done), new LoopShare("b"));

        blocking.Wake();
        running.Wake();
        await running.Completion.WaitAsync(Patience);

        Assert.IsFalse(blocking.Completion.IsCompleted);
        string said = await log.SeeAsync("stuck: a step of operator");
        Assert.Contains("operator Asks a service", said);
        Assert.Contains("millrace-worker-0", said);
        gate.Set();
        await blocking.Completion.WaitAsync(Patience);
        Assert.Contains("on a processor, the rest waiting", await log.SeeAsync("stuck: the step that took too long"));
    }

    // Blocks, is calm until it finds itself on another thread, and blocks again: told once.
    [TestMethod]
    public async Task A_loop_that_has_become_calm_goes_back_to_the_workers()
    {
        var log = new LogLines();
        using CooperativeWorkers workers = Start(log);
        using var first = new ManualResetEventSlim();
        using var second = new ManualResetEventSlim();
        bool isBack = false;
        var loop = new TestLoop(round =>
        {
            if (round == 1)
            {
                first.Wait();
                return LoopStatus.Ready;
            }

            if (Thread.CurrentThread.Name == "millrace-worker-0")
            {
                return LoopStatus.Ready;
            }

            Volatile.Write(ref isBack, true);
            second.Wait();
            return LoopStatus.Done;
        }, "calm");
        LoopHandle handle = workers.Start(loop, new LoopShare("a"));
        handle.Wake();
        await RunsAsync(workers, "b");
        first.Set();

        // The second block stops the worker that took the first one's place, until that has been replaced too.
        await RunsUntilAsync(workers, () => Volatile.Read(ref isBack));
        second.Set();
        await handle.Completion.WaitAsync(Patience);

        Assert.IsTrue(loop.Rounds > 500, $"{loop.Rounds} rounds");
        Assert.AreEqual(1, log.Count("calm: a step of operator"));
    }

    // Woken when each round is over, by mail: the wake-up after which it goes back to the workers counts as well.
    [TestMethod]
    public async Task A_calm_loop_that_waits_between_rounds_loses_no_wake_up_when_it_goes_back()
    {
        const int Rounds = 600;
        using CooperativeWorkers workers = Start(new LogLines());
        using var gate = new ManualResetEventSlim();
        LoopHandle handle = workers.Start(
            new TestLoop(round =>
            {
                gate.Wait();
                return round < Rounds ? LoopStatus.Waiting : LoopStatus.Done;
            }),
            new LoopShare("a"));
        handle.Wake();
        await RunsAsync(workers, "b");

        // Its round is counted after it has told its end.
        await Eventually.EqualsAsync(1L, () => workers.Rounds, "rounds");
        using var patience = new CancellationTokenSource(Patience);

        gate.Set();
        for (int round = 1; round < Rounds; round++)
        {
            while (workers.Rounds < 1 + round)
            {
                Assert.IsFalse(patience.IsCancellationRequested, $"round {round} is never over");
                await Task.Yield();
            }

            handle.Wake();
        }

        await handle.Completion.WaitAsync(Patience);
    }

    // Waits for its mail for most of its life: its thread is given back, and its wake-ups still come.
    [TestMethod]
    public async Task A_loop_that_waits_long_gives_its_thread_up()
    {
        using CooperativeWorkers workers = Start(new LogLines(), blockedAfter: TimeSpan.FromMilliseconds(2));
        using var gate = new ManualResetEventSlim();
        Thread? own = null;
        var loop = new TestLoop(round =>
        {
            if (round > 1)
            {
                return LoopStatus.Done;
            }

            own = Thread.CurrentThread;
            gate.Wait();
            return LoopStatus.Waiting;
        });
        LoopHandle handle = workers.Start(loop, new LoopShare("a"));
        handle.Wake();
        await RunsAsync(workers, "b");

        gate.Set();
        Assert.IsTrue(own!.Join(Patience), "The thread ends.");
        Assert.IsFalse(handle.Completion.IsCompleted);
        handle.Wake();

        await handle.Completion.WaitAsync(Patience);
    }

    [TestMethod]
    public async Task Threads_for_loops_that_block_are_limited_and_go_to_the_next_one_when_free()
    {
        var log = new LogLines();
        using CooperativeWorkers workers = Start(log, threads: 2, most: 1);
        using var first = new ManualResetEventSlim();
        using var second = new ManualResetEventSlim();
        LoopHandle one = workers.Start(Blocking("one", first), new LoopShare("a"));
        LoopHandle two = workers.Start(Blocking("two", second), new LoopShare("a"));
        one.Wake();
        await log.SeeAsync("one: a step of operator");
        two.Wake();

        // Two workers: one replaced, one blocked for good. The rest of the silo goes on with what is left.
        Assert.Contains("all 1 threads for loops that block are taken", await log.SeeAsync("two: a step of operator"));
        await RunsAsync(workers, "b");
        string moved = $"two: a step of operator Asks a service takes longer than {Limit}; the loop keeps";
        Assert.AreEqual(0, log.Count(moved));

        first.Set();
        await one.Completion.WaitAsync(Patience);
        await log.SeeAsync(moved);
        second.Set();
        await two.Completion.WaitAsync(Patience);
    }

    private static TestLoop Blocking(string name, ManualResetEventSlim gate) => new(
        _ =>
        {
            gate.Wait();
            return LoopStatus.Done;
        },
        name) { Operator = "Asks a service" };

    private static Task RunsAsync(CooperativeWorkers workers, string job)
    {
        LoopHandle handle = workers.Start(new TestLoop(_ => LoopStatus.Done), new LoopShare(job));
        handle.Wake();
        return handle.Completion.WaitAsync(Patience);
    }

    private static Task RunsUntilAsync(CooperativeWorkers workers, Func<bool> condition)
    {
        LoopHandle handle = workers.Start(
            new TestLoop(_ => condition() ? LoopStatus.Done : LoopStatus.Ready), new LoopShare("waits"));
        handle.Wake();
        return handle.Completion.WaitAsync(Patience);
    }

    private static CooperativeWorkers Start(
        LogLines log, int threads = 1, int most = 10, TimeSpan? blockedAfter = null) => new(
        new WorkerOptions { Threads = threads, BlockedAfter = blockedAfter ?? Limit, MaxBlockedThreads = most },
        TimeProvider.System,
        ThreadClock.OfSystem(TimeProvider.System),
        log);
}
