using System.Globalization;

namespace Millrace.Execution;

/// <summary>A fixed set of threads that run loops round by round, and never the pool that Orleans uses.</summary>
/// <remarks>
/// Whoever has used least runs next: first the job, then the loop within it. A watchdog looks for rounds that do not
/// end; such a loop keeps the thread it blocks, and another worker takes that thread's place.
/// </remarks>
internal sealed class CooperativeWorkers : IDisposable
{
    /// <summary>
    /// Rounds below a fifth of the blocking limit, in a row, after which a loop gives up its own thread.
    /// </summary>
    private const int CalmRounds = 500;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _queued = new(0);
    private readonly Dictionary<string, WorkerGroup> _groups = [];
    private readonly List<Worker> _workers = [];
    private readonly HashSet<WorkerLoop> _ownThreads = [];
    private readonly ManualResetEventSlim _stopped = new();
    private readonly TimeProvider _time;
    private readonly Action<string>? _blocked;
    private readonly long _blockedTicks;
    private readonly double _nanosecondsPerTick;
    private int _created;
    private int _loops;

    // Ticks of the job that ran last, below which none that is new or comes back may begin: waiting saves no credit.
    private long _floor;

    public CooperativeWorkers(WorkerOptions options, TimeProvider time, Action<string>? blocked)
    {
        _time = time;
        _blocked = blocked;
        _nanosecondsPerTick = 1e9 / time.TimestampFrequency;
        _blockedTicks = (long)(options.BlockedAfter.TotalSeconds * time.TimestampFrequency);
        int threads = options.Threads == 0 ? Environment.ProcessorCount : options.Threads;
        for (int i = 0; i < threads; i++)
        {
            StartWorker();
        }

        TimeSpan period = TimeSpan.FromTicks(Math.Max(options.BlockedAfter.Ticks / 2, TimeSpan.TicksPerMillisecond));
        new Thread(() => Watch(period)) { IsBackground = true, Name = "millrace-watchdog" }.Start();
    }

    /// <summary>Threads that take loops in turn; from any thread, without a lock.</summary>
    public int Workers => _workers.Count;

    /// <summary>Loops that have not ended; from any thread, without a lock.</summary>
    public int Loops => Volatile.Read(ref _loops);

    public LoopHandle Start(ILoop loop, LoopShare share)
    {
        ArgumentNullException.ThrowIfNull(loop);
        lock (_lock)
        {
            if (!_groups.TryGetValue(share.Group, out WorkerGroup? group))
            {
                group = new WorkerGroup(share.Group) { VirtualTicks = _floor };
                _groups.Add(share.Group, group);
            }

            _loops++;
            group.Loops++;
            return new WorkerLoop(this, loop, group);
        }
    }

    public long NanosecondsOf(long ticks) => (long)(ticks * _nanosecondsPerTick);

    public void Dispose()
    {
        _stopped.Set();
        lock (_lock)
        {
            _queued.Release(_workers.Count);
            foreach (WorkerLoop loop in _ownThreads)
            {
                loop.OwnThreadSignal?.Release();
            }
        }
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

            if (!loop.Group.HasQueued)
            {
                loop.Group.VirtualTicks = Math.Max(loop.Group.VirtualTicks, _floor);
            }

            loop.Group.Enqueue(loop);
        }

        _queued.Release();
    }

    private void StartWorker()
    {
        lock (_lock)
        {
            var worker = new Worker();
            _workers.Add(worker);
            string name = string.Create(CultureInfo.InvariantCulture, $"millrace-worker-{_created++}");
            new Thread(() => Work(worker)) { IsBackground = true, Name = name }.Start();
        }
    }

    private void Work(Worker worker)
    {
        while (true)
        {
            _queued.Wait();
            if (_stopped.IsSet)
            {
                return;
            }

            WorkerLoop? loop = Next();
            if (loop is null)
            {
                continue;
            }

            bool again = Run(worker, loop);
            if (worker.Replaced)
            {
                KeepOwnThread(worker, loop, again);
                return;
            }

            if (again)
            {
                Enqueue(loop);
            }
        }
    }

    private WorkerLoop? Next()
    {
        lock (_lock)
        {
            WorkerGroup? least = null;
            foreach (WorkerGroup group in _groups.Values)
            {
                if (group.HasQueued && (least is null || group.VirtualTicks < least.VirtualTicks))
                {
                    least = group;
                }
            }

            if (least is null)
            {
                return null;
            }

            _floor = Math.Max(_floor, least.VirtualTicks);
            return least.Dequeue();
        }
    }

    private bool Run(Worker worker, WorkerLoop loop)
    {
        long started = _time.GetTimestamp();
        worker.Begin(loop, started);
        bool again = loop.RunRound();
        long ticks = _time.GetTimestamp() - started;
        loop.Charge(ticks);
        lock (_lock)
        {
            worker.End();

            // A thread of its own takes nothing from the others, and a round that blocks takes no more than this.
            long charged = worker.Replaced ? 0 : Math.Min(ticks, _blockedTicks);
            loop.VirtualTicks += charged;
            loop.Group.VirtualTicks += charged;
            if (loop.HasEnded)
            {
                Forget(loop);
            }
        }

        worker.LastRoundTicks = ticks;
        return again;
    }

    private void Forget(WorkerLoop loop)
    {
        _ownThreads.Remove(loop);
        _loops--;
        if (--loop.Group.Loops == 0)
        {
            _groups.Remove(loop.Group.Name);
        }
    }

    // The loop blocked this thread once; it may block it again without harm to the others.
    private void KeepOwnThread(Worker worker, WorkerLoop loop, bool again)
    {
        int calm = 0;
        while (!loop.HasEnded && !_stopped.IsSet)
        {
            if (again)
            {
                calm = worker.LastRoundTicks * 5 < _blockedTicks ? calm + 1 : 0;
                if (calm >= CalmRounds)
                {
                    lock (_lock)
                    {
                        loop.OwnThreadSignal = null;
                        _ownThreads.Remove(loop);
                    }

                    Enqueue(loop);
                    return;
                }
            }
            else
            {
                loop.OwnThreadSignal!.Wait();
            }

            again = Run(worker, loop);
        }
    }

    private void Watch(TimeSpan period)
    {
        var replaced = new List<WorkerLoop>();
        while (!_stopped.Wait(period))
        {
            lock (_lock)
            {
                FindBlocked(replaced);
            }

            foreach (WorkerLoop loop in replaced)
            {
                StartWorker();
                _blocked?.Invoke(loop.Loop.Name);
            }

            replaced.Clear();
        }
    }

    private void FindBlocked(List<WorkerLoop> replaced)
    {
        long now = _time.GetTimestamp();
        for (int i = _workers.Count - 1; i >= 0; i--)
        {
            Worker worker = _workers[i];
            if (worker.Loop is WorkerLoop loop && now - worker.Started > _blockedTicks)
            {
                worker.Replaced = true;
                loop.OwnThreadSignal = new SemaphoreSlim(0);
                _ownThreads.Add(loop);
                _workers.RemoveAt(i);
                replaced.Add(loop);
            }
        }
    }

    /// <summary>One thread and what it is at. Under the workers' lock but for its own thread's reads.</summary>
    private sealed class Worker
    {
        private volatile bool _replaced;
        private volatile WorkerLoop? _loop;

        public WorkerLoop? Loop => _loop;

        public long Started { get; private set; }

        public long LastRoundTicks { get; set; }

        /// <summary>Another thread has taken this one's place among the workers.</summary>
        public bool Replaced
        {
            get => _replaced;
            set => _replaced = value;
        }

        public void Begin(WorkerLoop loop, long started)
        {
            Started = started;
            _loop = loop;
        }

        public void End() => _loop = null;
    }
}
