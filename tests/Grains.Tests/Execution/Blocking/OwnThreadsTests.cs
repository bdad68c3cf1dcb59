using Microsoft.Extensions.Logging.Abstractions;

namespace Millrace.Execution.Blocking;

/// <summary>Loops that compute on threads of their own, beside loops that share the workers. Processor time is what the
/// rounds say; how fast threads run makes no difference.</summary>
[TestClass]
public sealed class OwnThreadsTests
{
    private const long Millisecond = 1_000_000;

    // Least that a round is charged, whatever it used.
    private const long LeastCharge = 1_000;
    private const long OwnRound = 20 * Millisecond;

    // What a loop may be ahead by, and the round that it may then begin.
    private const long MostAhead = (10 * Millisecond) + OwnRound;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // The other loop waits until the one on its own thread is held back, or is too far ahead: neither is charged for
    // what the machine makes it wait. A loop that is held back for too long runs a round all the same; how often that
    // has happened is known.
    [TestMethod]
    [DataRow("another job")]
    [DataRow("own")]
    public async Task A_loop_on_its_own_thread_gets_its_share_and_no_more(string job)
    {
        using CooperativeWorkers workers = Start(TimeSpan.FromMilliseconds(100), most: 1);
        using var moved = new ManualResetEventSlim();
        Usage own = new();
        Usage shared = new();
        bool stopped = false;
        LoopHandle ownThread = await StartOnOwnThreadAsync(workers, moved, () =>
        {
            own.Add(OwnRound);
            return Volatile.Read(ref stopped) ? LoopStatus.Done : LoopStatus.Ready;
        });
        long worst = 0;
        int turns = 0;
        LoopHandle worker = workers.Start(
            new TestLoop(_ =>
            {
                long ahead = 0;
                SpinWait.SpinUntil(
                    () => (ahead = own.Total - shared.Total) > 10 * MostAhead || workers.HeldBack > 0, Patience);
                worst = Math.Max(worst, ahead);
                bool isOver = ahead > 10 * MostAhead;
                shared.Add(Millisecond);
                return ++turns < 600 && !isOver ? LoopStatus.Ready : LoopStatus.Done;
            }),
            new LoopShare(job));

        worker.Wake();
        moved.Set();
        await worker.Completion.WaitAsync(Patience);
        Volatile.Write(ref stopped, true);
        await ownThread.Completion.WaitAsync(Patience);

        Assert.IsLessThanOrEqualTo(
            MostAhead + (workers.Impatient * OwnRound),
            worst,
            "nanoseconds by which the loop on its own thread was ahead");
        Assert.IsGreaterThan(shared.Total / 2, own.Total, "nanoseconds it got");
    }

    // Far ahead of one that hardly uses anything: it would be held back for hours.
    [TestMethod]
    public async Task A_loop_that_is_held_back_takes_its_mail_all_the_same()
    {
        using CooperativeWorkers workers = Start(TimeSpan.FromMilliseconds(10), most: 1);
        using var moved = new ManualResetEventSlim();
        bool stopped = false;
        bool wasHeld = false;
        long rounds = 0;
        LoopHandle ownThread = await StartOnOwnThreadAsync(workers, moved, () =>
        {
            ManualThreadClock.Use(3_600_000 * Millisecond);
            return ++rounds < 4 ? LoopStatus.Ready : LoopStatus.Done;
        });
        LoopHandle worker = workers.Start(
            new TestLoop(_ =>
            {
                wasHeld |= workers.HeldBack > 0;
                return Volatile.Read(ref stopped) ? LoopStatus.Done : LoopStatus.Ready;
            }),
            new LoopShare("another job"));

        worker.Wake();
        moved.Set();
        await ownThread.Completion.WaitAsync(Patience);
        Volatile.Write(ref stopped, true);
        await worker.Completion.WaitAsync(Patience);

        Assert.IsTrue(wasHeld, "It was held back.");
    }

    // Two processors, one busy worker, and a loop of its own that waits for something without computing: whatever it
    // has used before, there is room for it.
    [TestMethod]
    public void Nobody_is_held_back_while_there_are_processors_for_all()
    {
        var schedule = new LoopSchedule();
        using CooperativeWorkers workers = Start(TimeSpan.FromHours(1));
        WorkerLoop busy = New(schedule, workers, "busy");
        WorkerLoop own = New(schedule, workers, "own");
        OwnThreads threads = new(schedule, workers: 2);
        schedule.Wake(busy);
        Assert.AreSame(busy, schedule.Dequeue());
        threads.Add(own);
        LoopSchedule.Charge(own, 1_000 * Millisecond);

        OwnThreads.Ran(own, used: Millisecond, TimeSpan.FromMilliseconds(100));
        Assert.IsTrue(threads.MayRun(own), "It hardly computes.");
        LoopSchedule.Charge(own, 1_000 * Millisecond);
        OwnThreads.Ran(own, used: 100 * Millisecond, TimeSpan.FromMilliseconds(100));
        Assert.IsTrue(threads.MayRun(own), "Two compute, on two processors.");

        WorkerLoop third = New(schedule, workers, "third");
        schedule.Wake(third);
        LoopSchedule.Charge(own, 1_000 * Millisecond);
        Assert.IsFalse(threads.MayRun(own), "Three want two processors, and it has had most.");
        Assert.AreEqual(1, threads.Held);

        Assert.AreSame(third, schedule.Dequeue());
        schedule.Rest(third);
        threads.LetGoOn();
        Assert.AreEqual(0, threads.Held);
        Assert.AreEqual(1, own.OwnThreadSignal!.CurrentCount, "It goes on.");
    }

    // What it used while it was alone is nothing that others are owed.
    [TestMethod]
    public void Who_comes_later_begins_where_a_loop_on_its_own_thread_is()
    {
        var schedule = new LoopSchedule();
        using CooperativeWorkers workers = Start(TimeSpan.FromHours(1));
        WorkerLoop own = New(schedule, workers, "own");
        OwnThreads threads = new(schedule, workers: 1);
        threads.Add(own);
        for (int round = 0; round < 100; round++)
        {
            Assert.IsTrue(threads.MayRun(own));
            LoopSchedule.Charge(own, 1_000 * Millisecond);
            OwnThreads.Ran(own, 1_000 * Millisecond, TimeSpan.FromSeconds(1));
        }

        Assert.IsTrue(threads.MayRun(own));
        WorkerLoop late = New(schedule, workers, "late");
        schedule.Wake(late);

        Assert.AreEqual(0, schedule.AheadOfOthers(own));
        Assert.IsTrue(threads.MayRun(own));
    }

    private static WorkerLoop New(LoopSchedule schedule, CooperativeWorkers workers, string job) =>
        new(workers, new TestLoop(_ => LoopStatus.Done), schedule.Join(new LoopShare(job)));

    // Blocks its first round until it has a thread of its own, which a round of another loop on the only worker shows.
    private static async Task<LoopHandle> StartOnOwnThreadAsync(
        CooperativeWorkers workers, ManualResetEventSlim moved, Func<LoopStatus> round)
    {
        LoopHandle handle = workers.Start(
            new TestLoop(number =>
            {
                if (number > 1)
                {
                    return round();
                }

                moved.Wait();
                return LoopStatus.Ready;
            }),
            new LoopShare("own"));
        handle.Wake();
        LoopHandle next = workers.Start(new TestLoop(_ => LoopStatus.Done), new LoopShare("next"));
        next.Wake();
        await next.Completion.WaitAsync(Patience);
        return handle;
    }

    // With one thread for loops that block, the other loop keeps its worker however the machine treats that.
    private static CooperativeWorkers Start(TimeSpan blockedAfter, int most = 10) => new(
        new WorkerOptions { Threads = 1, BlockedAfter = blockedAfter, MaxBlockedThreads = most },
        TimeProvider.System,
        new ManualThreadClock(),
        NullLogger.Instance);

    /// <summary>What the rounds of a loop are charged.</summary>
    private sealed class Usage
    {
        private long _total;

        public long Total => Interlocked.Read(ref _total);

        public void Add(long nanoseconds)
        {
            ManualThreadClock.Use(nanoseconds);
            Interlocked.Add(ref _total, Math.Max(nanoseconds, LeastCharge));
        }
    }
}
