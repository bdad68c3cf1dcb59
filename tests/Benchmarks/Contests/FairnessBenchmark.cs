using Millrace.Connectors.Blackhole;
using Millrace.Execution;
using Millrace.Measuring;
using Millrace.Running;

namespace Millrace.Contests;

/// <summary>Two jobs with equal numbers of always-busy subtasks, one with records of tens of microseconds, one with
/// records that take longer than a round should: the processor time each of them gets.</summary>
/// <remarks>What counts is measured by the functions themselves, on the system's clock of their thread, not by the
/// accounts of the workers. More subtasks than workers, so that the workers have to choose.</remarks>
internal sealed record FairnessBenchmark() : Benchmark("fairness")
{
    private const int Subtasks = 3;
    private const int Workers = 2;
    private const double Seconds = 30;
    private const double Bar = 0.9;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <inheritdoc/>
    public override Verdict Run()
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long began = TimeProvider.System.GetTimestamp();
        var gate = new Gate(GateState.Open);
        var quick = new Account(Subtasks);
        var slow = new Account(Subtasks);
        using var local = new LocalRun(Workers);
        Thread[] jobs =
        [
            new(() => RunJob(local, gate, quick, work: 50_000)),
            new(() => RunJob(local, gate, slow, work: 3_000_000)),
        ];
        Array.ForEach(jobs, job => job.Start());

        // Both have to be at work before anything counts.
        Await(() => quick.Least > 0 && slow.Least > 0, began);
        (double Quick, double Slow) start = (quick.Seconds, slow.Seconds);
        Await(() => quick.Seconds + slow.Seconds - start.Quick - start.Slow >= Seconds, began);
        (double Quick, double Slow) used = (quick.Seconds - start.Quick, slow.Seconds - start.Slow);
        gate.Set(GateState.Ended);
        Array.ForEach(jobs, job => job.Join());

        bool isValid = used.Quick + used.Slow >= Seconds;
        double less = Math.Min(used.Quick, used.Slow);
        double more = Math.Max(used.Quick, used.Slow);
        return new Verdict(
            Name,
            less,
            more,
            "s of processor time, the job with less and the one with more",
            less / more,
            Math.Max(quick.Spread, slow.Spread),
            (Environment.CpuUsage.TotalTime - before).TotalSeconds,
            Bar,
            isValid,
            isValid ? less / more >= Bar : null);
    }

    private static void RunJob(LocalRun local, Gate gate, Account account, int work) => local.Run(
        env => env.FromSource(new GatedSource(gate))
            .Map(account.NewSubtask(work))
            .SinkTo(new DiscardSink<long>()),
        Subtasks);

    private static void Await(Func<bool> condition, long began)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition() && TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            look.WaitForNextTickAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Processor time that the functions of one job have used.</summary>
    private sealed class Account(int subtasks)
    {
        private readonly ThreadClock _clock = ThreadClock.OfSystem(TimeProvider.System);
        private readonly long[] _used = new long[subtasks * Padding];
        private int _next = -1;

        // A cache line each.
        private const int Padding = 16;

        public double Seconds => Used().Sum() / 1e9;

        public long Least => Used().Min();

        /// <summary>From the subtask with least to the one with most, as a share of the median.</summary>
        public double Spread => Figures.Spread([.. Used().Select(used => (double)used)]);

        /// <summary>The program is defined once for its graph, and once for each subtask.</summary>
        public Func<long, long> NewSubtask(int work)
        {
            int mine = Math.Max(0, Interlocked.Increment(ref _next) - 1) % subtasks * Padding;
            return number =>
            {
                long from = _clock.Read();
                long mixed = Spin.Mix(number, work);
                Volatile.Write(ref _used[mine], _used[mine] + _clock.Read() - from);
                return mixed;
            };
        }

        private IEnumerable<long> Used() =>
            Enumerable.Range(0, subtasks).Select(subtask => Volatile.Read(ref _used[subtask * Padding]));
    }
}
