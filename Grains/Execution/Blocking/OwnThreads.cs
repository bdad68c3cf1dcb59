namespace Millrace.Execution.Blocking;

/// <summary>Loops that have a thread of their own because they blocked, and those of them that are held back until
/// others have had their share. Under the workers' lock.</summary>
/// <remarks>
/// A thread of its own takes a processor without asking for a turn. So before each round such a loop is compared with
/// the loops that share the workers: when it or its job is ahead of them, and there are more threads that compute than
/// there are to be, it waits until they have caught up. What a loop computes is what its last round did: one that waits
/// for a disk or a service keeps nobody from computing, and is not ahead either.
/// </remarks>
/// <param name="schedule">The loops that share the workers.</param>
/// <param name="workers">How many workers there are: as many threads as are to compute at a time.</param>
internal sealed class OwnThreads(LoopSchedule schedule, int workers)
{
    /// <summary>Processor time, in nanoseconds, that a loop may be ahead: some rounds of the others.</summary>
    private const long Slack = 10_000_000;

    private readonly HashSet<WorkerLoop> _loops = [];
    private readonly List<WorkerLoop> _held = [];

    /// <summary>How many there are.</summary>
    public int Count => _loops.Count;

    /// <summary>How many of them are held back.</summary>
    public int Held => _held.Count;

    // What they take of the processors, in processors.
    private double Demand
    {
        get
        {
            double demand = 0;
            foreach (WorkerLoop loop in _loops)
            {
                demand += loop.Demand;
            }

            return demand;
        }
    }

    /// <summary>The loop keeps the thread it is on; its signal is there from now on.</summary>
    public void Add(WorkerLoop loop)
    {
        loop.OwnThreadSignal = new SemaphoreSlim(0);
        loop.Demand = 0;
        _loops.Add(loop);
    }

    /// <summary>The loop has ended, or goes back to the workers.</summary>
    public void Remove(WorkerLoop loop) => _loops.Remove(loop);

    /// <summary>A round of such a loop is over.</summary>
    /// <param name="loop">Whose round.</param>
    /// <param name="used">Its processor time, in nanoseconds.</param>
    /// <param name="elapsed">How long it took.</param>
    public static void Ran(WorkerLoop loop, long used, TimeSpan elapsed)
    {
        double nanoseconds = elapsed.TotalNanoseconds;
        loop.Demand = used < nanoseconds ? used / nanoseconds : 1;
    }

    /// <summary>A loop is about to run a round.</summary>
    /// <param name="loop">A loop with a thread of its own.</param>
    /// <returns>False when it is held back: its signal is released when it may go on.</returns>
    public bool MayRun(WorkerLoop loop)
    {
        if (IsAhead(loop))
        {
            _held.Add(loop);
            return false;
        }

        schedule.Pass(loop);
        return true;
    }

    /// <summary>Others have run: who is no longer ahead goes on.</summary>
    public void LetGoOn()
    {
        for (int i = _held.Count - 1; i >= 0; i--)
        {
            WorkerLoop loop = _held[i];
            if (!IsAhead(loop))
            {
                _held.RemoveAt(i);
                schedule.Pass(loop);
                loop.OwnThreadSignal!.Release();
            }
        }
    }

    /// <summary>The loop waits no longer to be let go on.</summary>
    /// <returns>False when it has been let go on meanwhile: its signal is released.</returns>
    public bool StopHolding(WorkerLoop loop) => _held.Remove(loop);

    /// <summary>Wakes all of them, for the end.</summary>
    public void ReleaseAll()
    {
        foreach (WorkerLoop loop in _loops)
        {
            loop.OwnThreadSignal?.Release();
        }
    }

    private bool IsAhead(WorkerLoop loop) =>
        schedule.AheadOfOthers(loop) > Slack && schedule.Active + Demand > workers;
}
