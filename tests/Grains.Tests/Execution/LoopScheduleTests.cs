namespace Millrace.Execution;

/// <summary>Shares, by a simulation of workers that spends processor time without spending any.</summary>
[TestClass]
public sealed class LoopScheduleTests
{
    private const long Microsecond = 1_000;
    private const long Second = 1_000_000_000;

    // Enough loops on both sides, equal numbers or not, fewer or more than the workers.
    [TestMethod]
    [DataRow(1, 1, 1)]
    [DataRow(1, 3, 2)]
    [DataRow(1, 2, 6)]
    [DataRow(2, 2, 2)]
    [DataRow(2, 1, 1)]
    [DataRow(2, 6, 2)]
    [DataRow(2, 6, 1)]
    [DataRow(4, 6, 2)]
    [DataRow(7, 20, 4)]
    public void Two_jobs_that_can_use_half_get_half_and_within_a_job_every_loop_the_same(
        int workers, int first, int second)
    {
        var run = new SimulatedWorkers(workers, seed: (workers * 100) + first + second);
        TestShare[] a = run.Start("a", first);
        TestShare[] b = run.Start("b", second);

        run.Spend(60 * Second);

        AreNear(SumOf(a), SumOf(b));
        foreach (TestShare[] job in new[] { a, b })
        {
            foreach (TestShare loop in job)
            {
                AreNear(SumOf(job) / job.Length, loop.Spent);
            }
        }
    }

    // One loop keeps one of four workers busy; the other job gets the rest, and owes nothing for it.
    [TestMethod]
    public void What_a_job_could_not_use_is_not_saved_up_beyond_the_credit()
    {
        var run = new SimulatedWorkers(4, seed: 1);
        TestShare[] many = run.Start("many", 8);
        TestShare[] one = run.Start("one", 1);
        run.Spend(20 * Second);
        AreNear(SumOf(many) / 3, SumOf(one));

        long before = SumOf(many);
        run.Start("one", 7);
        run.Spend(2 * Second);

        // Two seconds on four workers: half is four seconds, less what the other may catch up.
        long got = SumOf(many) - before;
        Assert.IsTrue(got > 3.8 * Second, $"{got / 1e9:0.00} s of 4 s");
    }

    [TestMethod]
    public void A_loop_and_a_job_that_waited_begin_where_their_peers_are()
    {
        var schedule = new LoopSchedule();
        TestShare busy = New(schedule, "a");
        TestShare late = New(schedule, "a");
        TestShare other = New(schedule, "b");
        schedule.Wake(busy);
        for (int round = 0; round < 1_000; round++)
        {
            Assert.AreSame(busy, schedule.Dequeue());
            LoopSchedule.Charge(busy, 1_000 * Microsecond);
            schedule.Requeue(busy);
        }

        schedule.Wake(late);
        schedule.Wake(other);
        Dictionary<TestShare, int> turns = new() { [busy] = 0, [late] = 0, [other] = 0 };
        for (int round = 0; round < 400; round++)
        {
            var next = (TestShare)schedule.Dequeue()!;
            turns[next]++;
            LoopSchedule.Charge(next, 1_000 * Microsecond);
            schedule.Requeue(next);
        }

        // Not a thousand rounds first for those that waited.
        Assert.IsTrue(Math.Abs(turns[other] - 200) <= 2, $"{turns[other]} of 400 for the other job");
        Assert.IsTrue(Math.Abs(turns[late] - turns[busy]) <= 2, $"{turns[late]} and {turns[busy]}");
    }

    // The system puts threads aside: rounds take long and use little. What counts is what they use.
    [TestMethod]
    public void Rounds_that_were_put_aside_are_made_up_for()
    {
        var run = new SimulatedWorkers(2, seed: 3) { PutAside = loop => loop.Group.Name == "a" ? 20 : 1 };
        TestShare[] a = run.Start("a", 2);
        TestShare[] b = run.Start("b", 2);

        run.Spend(60 * Second);

        // By elapsed time the first job would have got a twentieth.
        double ratio = (double)SumOf(a) / SumOf(b);
        Assert.IsTrue(run.Elapsed(b) < run.Elapsed(a), "The job that is put aside has the workers for longer.");
        Assert.IsTrue(ratio > 0.95 && ratio < 1.05, $"{ratio:0.000}");
    }

    [TestMethod]
    public void Rounds_too_short_for_the_clock_take_turns()
    {
        var schedule = new LoopSchedule();
        TestShare[] loops = [New(schedule, "a"), New(schedule, "a"), New(schedule, "b")];
        foreach (TestShare loop in loops)
        {
            schedule.Wake(loop);
        }

        HashSet<ScheduledLoop> seen = [];
        for (int round = 0; round < 6; round++)
        {
            ScheduledLoop next = schedule.Dequeue()!;
            seen.Add(next);
            LoopSchedule.Charge(next, 0);
            schedule.Requeue(next);
        }

        Assert.HasCount(3, seen);
    }

    private static TestShare New(LoopSchedule schedule, string job) => new(schedule.Join(new LoopShare(job)));

    private static long SumOf(IEnumerable<TestShare> loops) => loops.Sum(loop => loop.Spent);

    private static void AreNear(long expected, long actual) => Assert.IsTrue(
        Math.Abs((double)actual / expected - 1) < 0.02, $"{actual / 1e9:0.000} s, {expected / 1e9:0.000} s are right");

    /// <summary>A loop that is always busy.</summary>
    private sealed class TestShare(LoopGroup group) : ScheduledLoop(group)
    {
        public long Spent { get; set; }

        public long Held { get; set; }

        public override Task Completion => Task.CompletedTask;

        public override long BusyNanoseconds => Spent;

        public override void Wake()
        {
        }
    }

    /// <summary>Workers in simulated time; rounds of 0.1 to 5 ms.</summary>
    private sealed class SimulatedWorkers
    {
        private readonly LoopSchedule _schedule = new();
        private readonly Random _random;
        private readonly PriorityQueue<(TestShare? Loop, long Used), long> _running = new();
        private long _now;

        public SimulatedWorkers(int workers, int seed)
        {
            _random = new Random(seed);
            for (int worker = 0; worker < workers; worker++)
            {
                _running.Enqueue((null, 0), 0);
            }
        }

        /// <summary>How much longer than its processor time a round of a loop takes.</summary>
        public Func<TestShare, int> PutAside { get; init; } = _ => 1;

        public TestShare[] Start(string job, int loops)
        {
            TestShare[] made = [.. Enumerable.Range(0, loops).Select(_ => New(_schedule, job))];
            foreach (TestShare loop in made)
            {
                _schedule.Wake(loop);
            }

            return made;
        }

        public long Elapsed(TestShare[] job) => job.Sum(loop => loop.Held);

        public void Spend(long nanoseconds)
        {
            long end = _now + nanoseconds;
            while (_running.TryPeek(out _, out long next) && next < end)
            {
                _running.TryDequeue(out (TestShare? Loop, long Used) done, out _now);
                if (done.Loop is TestShare ran)
                {
                    ran.Spent += done.Used;
                    LoopSchedule.Charge(ran, done.Used);
                    _schedule.Requeue(ran);
                }

                var loop = (TestShare?)_schedule.Dequeue();
                long used = _random.Next(100, 5_000) * Microsecond;
                long takes = loop is null ? 100 * Microsecond : used * PutAside(loop);
                if (loop is not null)
                {
                    loop.Held += takes;
                }

                _running.Enqueue((loop, used), _now + takes);
            }

            _now = end;
        }
    }
}
