using System.Globalization;
using Microsoft.Extensions.Logging;
using Millrace.Execution.Blocking;

namespace Millrace.Execution;

/// <summary>A fixed set of threads that run loops round by round, and never the pool that Orleans uses.</summary>
/// <remarks>
/// Whoever has used least processor time runs next: first the job, then the loop within it. A watchdog looks for rounds
/// that do not end; such a loop keeps the thread it blocks, and another worker takes that thread's place. While no loop
/// wants to run, nothing here does.
/// </remarks>
internal sealed partial class CooperativeWorkers : IDisposable
{
    private readonly Lock _lock = new();
    private readonly QuietSemaphore _queued = new();
    private readonly SemaphoreSlim _watch = new(0);
    private readonly LoopSchedule _schedule = new();
    private readonly List<Worker> _workers = [];
    private readonly OwnThreads _ownThreads;
    private readonly WorkerOptions _options;
    private readonly TimeProvider _time;
    private readonly ThreadClock _processor;
    private readonly ILogger _logger;
    private readonly long _blockedTicks;
    private volatile bool _stopped;
    private bool _watchRests = true;
    private long _rounds;
    private long _roundsSeen;
    private int _created;
    private int _loops;

    public CooperativeWorkers(WorkerOptions options, TimeProvider time, ThreadClock processor, ILogger logger)
    {
        _options = options;
        _time = time;
        _processor = processor;
        _logger = logger;
        _blockedTicks = TicksOf(options.BlockedAfter);
        int threads = options.Threads == 0 ? Environment.ProcessorCount : options.Threads;
        _ownThreads = new OwnThreads(_schedule, threads);
        for (int i = 0; i < threads; i++)
        {
            StartWorker();
        }

        new Thread(Watch) { IsBackground = true, Name = "millrace-watchdog" }.UnsafeStart();
    }

    /// <summary>Rounds run so far.</summary>
    public long Rounds => Interlocked.Read(ref _rounds);

    /// <summary>Threads that take loops in turn; from any thread, without a lock.</summary>
    public int Workers => _workers.Count;

    /// <summary>Loops that have not ended; from any thread, without a lock.</summary>
    public int Loops => Volatile.Read(ref _loops);

    /// <summary>Loops on threads of their own that wait until others have had their share; from any thread, without a
    /// lock.</summary>
    public int HeldBack => _ownThreads.Held;

    /// <summary>Whether the watchdog waits for a round to begin.</summary>
    public bool IsResting => Volatile.Read(ref _watchRests);

    /// <summary>Looks the watchdog has taken so far.</summary>
    public long Looks { get; private set; }

    private TimeSpan WatchPeriod => TimeSpan.FromTicks(
        Math.Max(_options.BlockedAfter.Ticks / 2, TimeSpan.TicksPerMillisecond));

    public LoopHandle Start(ILoop loop, LoopShare share)
    {
        ArgumentNullException.ThrowIfNull(loop);
        lock (_lock)
        {
            _loops++;
            return new WorkerLoop(this, loop, _schedule.Join(share));
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _stopped = true;
            _queued.Release(_workers.Count + 1);
            _ownThreads.ReleaseAll();
        }

        _watch.Release();
    }

    /// <summary>A woken loop waits for its turn, or for its own thread.</summary>
    public void Enqueue(WorkerLoop loop)
    {
        lock (_lock)
        {
            if (loop.OwnThreadSignal is SemaphoreSlim own)
            {
                own.Release();
                return;
            }

            _schedule.Wake(loop);
        }

        _queued.Release();
    }

    private void StartWorker()
    {
        lock (_lock)
        {
            if (_stopped)
            {
                return;
            }

            string name = string.Create(CultureInfo.InvariantCulture, $"millrace-worker-{_created++}");
            var worker = new Worker(
                name,
                new RoundMeter(_processor, _options.BlockedAfter),
                new RoundAge(TicksOf(WatchPeriod) * 3 / 2));
            _workers.Add(worker);

            // Without the context of whoever happens to start it.
            new Thread(() => Work(worker)) { IsBackground = true, Name = name }.UnsafeStart();
        }
    }

    // A loop that wants to go on hands over to whoever is next, which may be itself, without a wait or a wake-up.
    private void Work(Worker worker)
    {
        worker.Enter();
        WorkerLoop? loop = null;
        while (true)
        {
            if (loop is null)
            {
                _queued.Wait();
                loop = Begin(worker);
                worker.Meter.Restart();
            }

            if (_stopped)
            {
                return;
            }

            if (loop is null)
            {
                continue;
            }

            LoopStatus status = RunRound(worker, loop);
            (WorkerLoop? next, bool isReplaced) = Turn(worker, loop, status);
            if (isReplaced)
            {
                KeepOwnThread(worker, loop, status);
                return;
            }

            loop = next;
        }
    }

    private static LoopStatus RunRound(Worker worker, WorkerLoop loop)
    {
        LoopStatus status = loop.RunRound();
        worker.Clear();
        return status;
    }

    private WorkerLoop? Begin(Worker worker)
    {
        lock (_lock)
        {
            return BeginNext(worker);
        }
    }

    private (WorkerLoop? Next, bool IsReplaced) Turn(Worker worker, WorkerLoop loop, LoopStatus status)
    {
        long used = worker.Meter.Lap();
        loop.AddBusy(used);
        TimeSpan elapsed;
        lock (_lock)
        {
            End(worker, loop, status, used);
            WorkerLoop? next = null;
            if (!worker.Replaced && status == LoopStatus.Ready)
            {
                _schedule.Requeue(loop);
                next = BeginNext(worker);
            }
            else
            {
                _schedule.Rest(loop);
            }

            LetOthersGoOn();
            if (!worker.Replaced)
            {
                return (next, false);
            }

            elapsed = _time.GetElapsedTime(worker.Started);
            OwnThreads.Ran(loop, used, elapsed);
        }

        if (loop.BlockEnds())
        {
            _logger.BlockEnded(loop.Loop.Name, elapsed, TimeSpan.FromMicroseconds(used / 1_000));
        }

        return (null, true);
    }

    // Under the lock.
    private WorkerLoop? BeginNext(Worker worker)
    {
        var loop = (WorkerLoop?)_schedule.Dequeue();
        if (loop is null)
        {
            return null;
        }

        worker.Begin(loop, _time.GetTimestamp());
        if (_watchRests)
        {
            _watchRests = false;
            _watch.Release();
        }

        return loop;
    }

    // Under the lock. A thread of its own uses processors that the others go without: it is charged like any other.
    private void End(Worker worker, WorkerLoop loop, LoopStatus status, long used)
    {
        worker.End();
        Interlocked.Increment(ref _rounds);
        LoopSchedule.Charge(loop, used);
        if (status == LoopStatus.Done)
        {
            _ownThreads.Remove(loop);
            _schedule.Leave(loop.Group);
            _loops--;
        }
    }

    private void Watch()
    {
        var blocked = new List<BlockedRound>();
        bool rests = true;
        while (true)
        {
            _watch.Wait(rests ? Timeout.InfiniteTimeSpan : WatchPeriod);
            if (_stopped)
            {
                return;
            }

            rests = Look(blocked);
            foreach (BlockedRound round in blocked)
            {
                Act(round);
            }

            blocked.Clear();
        }
    }

    // With nothing to watch since the last look, it rests until a round begins.
    private bool Look(List<BlockedRound> blocked)
    {
        lock (_lock)
        {
            Looks++;
            long now = _time.GetTimestamp();
            bool isBusy = _rounds != _roundsSeen;
            _roundsSeen = _rounds;
            for (int i = _workers.Count - 1; i >= 0; i--)
            {
                Worker worker = _workers[i];
                if (worker.Loop is not WorkerLoop loop)
                {
                    continue;
                }

                isBusy = true;
                if (worker.Age(now) > _blockedTicks)
                {
                    string at = loop.Loop.Operator ?? "(not known)";
                    blocked.Add(new BlockedRound(loop, at, worker.Name, TryMove(worker, loop)));
                }
            }

            _watchRests = !isBusy;
            return _watchRests;
        }
    }

    // Under the lock.
    private bool TryMove(Worker worker, WorkerLoop loop)
    {
        if (_ownThreads.Count >= _options.MaxBlockedThreads)
        {
            return false;
        }

        worker.Replaced = true;
        _ownThreads.Add(loop);
        _workers.Remove(worker);
        return true;
    }

    private void Act(BlockedRound round)
    {
        string loop = round.Loop.Loop.Name;
        if (round.IsMoved)
        {
            StartWorker();
            if (round.Loop.Blocks())
            {
                _logger.Blocked(loop, round.Operator, _options.BlockedAfter, round.Thread);
            }
        }
        else if (round.Loop.FindsNoThread())
        {
            _logger.NoThreadLeft(
                loop, round.Operator, _options.BlockedAfter, round.Thread, _options.MaxBlockedThreads);
        }
    }

    private long TicksOf(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    private readonly record struct BlockedRound(WorkerLoop Loop, string Operator, string Thread, bool IsMoved);
}
