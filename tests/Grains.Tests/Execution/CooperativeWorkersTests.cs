using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Network;

namespace Millrace.Execution;

[TestClass]
public sealed class CooperativeWorkersTests
{
    private const long Millisecond = 1_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [TestMethod]
    public async Task A_loop_runs_when_it_is_woken_and_never_overlaps_with_itself()
    {
        using CooperativeWorkers workers = Start(threads: 4);
        int inside = 0;
        int overlaps = 0;
        int offered = 0;
        var loop = new TestLoop(_ =>
        {
            overlaps += Interlocked.Exchange(ref inside, 1);
            int seen = Volatile.Read(ref offered);
            Interlocked.Exchange(ref inside, 0);
            return seen >= 20_000 ? LoopStatus.Done : LoopStatus.Waiting;
        });
        LoopHandle handle = workers.Start(loop, new LoopShare("job"));

        // Woken from many threads while it runs: a wake-up that gets lost makes this wait forever.
        Task[] wakers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (!handle.Completion.IsCompleted)
            {
                Interlocked.Increment(ref offered);
                handle.Wake();
            }
        }))];

        await handle.Completion.WaitAsync(Patience);
        await Task.WhenAll(wakers);
        Assert.AreEqual(0, overlaps);

        // A round is counted after it has told its end.
        await Eventually.EqualsAsync(loop.Rounds, () => workers.Rounds, "rounds");
    }

    [TestMethod]
    public async Task A_loop_that_was_not_woken_does_not_run()
    {
        using CooperativeWorkers workers = Start(threads: 1);
        var still = new TestLoop(_ => LoopStatus.Done);
        workers.Start(still, new LoopShare("a"));
        LoopHandle handle = workers.Start(new TestLoop(_ => LoopStatus.Done), new LoopShare("b"));

        handle.Wake();
        await handle.Completion.WaitAsync(Patience);

        Assert.AreEqual(0, still.Rounds);
    }

    [TestMethod]
    public async Task A_loop_that_throws_ends_and_takes_no_worker_along()
    {
        using CooperativeWorkers workers = Start(threads: 1);
        LoopHandle bad = workers.Start(new TestLoop(_ => throw new FormatException("no")), new LoopShare("a"));
        bad.Wake();
        await Assert.ThrowsExactlyAsync<FormatException>(() => bad.Completion.WaitAsync(Patience));

        LoopHandle good = workers.Start(new TestLoop(_ => LoopStatus.Done), new LoopShare("a"));
        good.Wake();

        await good.Completion.WaitAsync(Patience);
    }

    // Woken as soon as it waits, it runs on another worker and ends before the first one has closed its round: it has
    // ended once, and the rest of its job goes on.
    [TestMethod]
    public async Task A_loop_that_ends_right_after_it_waited_has_ended_once()
    {
        using var clock = new HeldThreadClock();
        using CooperativeWorkers workers = Start(threads: 2, clock, blockedAfter: TimeSpan.FromHours(1));
        LoopHandle other = workers.Start(new TestLoop(_ => LoopStatus.Done), new LoopShare("job"));
        LoopHandle ending = workers.Start(
            new TestLoop(round =>
            {
                if (round > 1)
                {
                    return LoopStatus.Done;
                }

                clock.HoldThisThread();
                return LoopStatus.Waiting;
            }),
            new LoopShare("job"));

        ending.Wake();
        await clock.Held.WaitAsync(Patience);
        ending.Wake();
        await ending.Completion.WaitAsync(Patience);
        clock.Release();
        while (workers.Rounds < 2)
        {
            await Task.Yield();
        }

        other.Wake();
        await other.Completion.WaitAsync(Patience);
        Assert.IsTrue(other.Completion.IsCompletedSuccessfully, "The other loop of the job runs.");
    }

    // Rounds of one job use three times as much as those of the other, and it has four times as many loops.
    [TestMethod]
    public async Task Jobs_get_equal_processor_time_whatever_their_rounds_and_their_loops()
    {
        var clock = new ManualThreadClock();
        using CooperativeWorkers workers = Start(threads: 1, clock, blockedAfter: TimeSpan.FromHours(1));
        using var allWait = new ManualResetEventSlim();
        bool stopped = false;
        LoopHandle[] heavy =
            [.. Enumerable.Range(0, 4).Select(_ => workers.Start(Spending(3), new LoopShare("heavy")))];
        LoopHandle light = workers.Start(
            new TestLoop(round =>
            {
                ManualThreadClock.Use(Millisecond);
                stopped = round == 3_000;
                return stopped ? LoopStatus.Done : LoopStatus.Ready;
            }),
            new LoopShare("light"));

        // The one worker is kept until all loops wait for it.
        LoopHandle keeping = workers.Start(
            new TestLoop(_ =>
            {
                allWait.Wait();
                return LoopStatus.Done;
            }),
            new LoopShare("keeping"));
        foreach (LoopHandle handle in heavy.Prepend(light).Prepend(keeping))
        {
            handle.Wake();
        }

        allWait.Set();
        await Task.WhenAll(heavy.Append(light).Select(handle => handle.Completion)).WaitAsync(Patience);
        Assert.AreEqual(3_000 * Millisecond, light.BusyNanoseconds);
        long used = heavy.Sum(handle => handle.BusyNanoseconds);

        // The single worker is given to one and the other in turn; what is left is a round or two of each loop.
        Assert.IsTrue(Math.Abs(used - (3_000 * Millisecond)) < 30 * Millisecond, $"{used / 1e6} ms instead of 3000");

        TestLoop Spending(int milliseconds) => new(_ =>
        {
            ManualThreadClock.Use(milliseconds * Millisecond);
            return stopped ? LoopStatus.Done : LoopStatus.Ready;
        });
    }

    [TestMethod]
    public async Task What_a_round_leaves_on_its_thread_is_gone_in_the_next_one()
    {
        var local = new AsyncLocal<string?> { Value = "whoever starts the workers" };
        using CooperativeWorkers workers = Start(threads: 1);
        var seen = new List<(string? Local, string Culture, SynchronizationContext? Context)>();
        var invented = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ";" } };
        LoopHandle leaving = workers.Start(new TestLoop(Note), new LoopShare("a"));
        leaving.Wake();
        await leaving.Completion.WaitAsync(Patience);
        LoopHandle other = workers.Start(new TestLoop(Note), new LoopShare("b"));
        other.Wake();
        await other.Completion.WaitAsync(Patience);

        Assert.HasCount(4, seen);
        Assert.AreEqual("whoever starts the workers", local.Value);
        foreach ((string? value, string separator, SynchronizationContext? context) in seen)
        {
            Assert.IsNull(value);
            Assert.AreEqual(".", separator);
            Assert.IsNull(context);
        }

        LoopStatus Note(long round)
        {
            seen.Add((
                local.Value,
                CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator,
                SynchronizationContext.Current));
            local.Value = "left behind";
            CultureInfo.CurrentCulture = invented;
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
            ExecutionContext.SuppressFlow();
            return round == 2 ? LoopStatus.Done : LoopStatus.Ready;
        }
    }

    // A hundred loops that have nothing to do, after they had: no thread wakes up for them, not even the watchdog.
    [TestMethod]
    public async Task While_no_loop_wants_to_run_nothing_does()
    {
        using CooperativeWorkers workers = Start(threads: 2, blockedAfter: TimeSpan.FromMilliseconds(2));
        LoopHandle[] idle = [.. Enumerable.Range(0, 100).Select(index => workers.Start(
            new TestLoop(_ => LoopStatus.Waiting), new LoopShare($"job {index % 10}")))];
        foreach (LoopHandle handle in idle)
        {
            handle.Wake();
        }

        while (workers.Rounds < 100)
        {
            await Task.Yield();
        }

        // It looks once or twice more to see that nothing goes on.
        while (!workers.IsResting)
        {
            await Task.Yield();
        }

        long looks = workers.Looks;
        using var period = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (int periods = 0; periods < 20; periods++)
        {
            await period.WaitForNextTickAsync();
        }

        Assert.AreEqual(looks, workers.Looks);
        Assert.AreEqual(100, workers.Rounds);
    }

    private static CooperativeWorkers Start(
        int threads, ThreadClock? clock = null, TimeSpan? blockedAfter = null) => new(
        new WorkerOptions { Threads = threads, BlockedAfter = blockedAfter ?? TimeSpan.FromMilliseconds(100) },
        TimeProvider.System,
        clock ?? ThreadClock.OfSystem(TimeProvider.System),
        NullLogger.Instance);
}
