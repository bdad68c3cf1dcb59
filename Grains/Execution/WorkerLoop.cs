namespace Millrace.Execution;

/// <summary>A loop among the workers: its state, its share, the one who may wake it.</summary>
internal sealed class WorkerLoop(CooperativeWorkers workers, ILoop loop, LoopGroup group) : ScheduledLoop(group)
{
    private const int Idle = 0;
    private const int Queued = 1;
    private const int Running = 2;
    private const int RunningWoken = 3;
    private const int Ended = 4;

    private const int ToldThatItBlocks = 1;
    private const int ToldThatItEnded = 2;
    private const int ToldThatNoThreadIsLeft = 4;

    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state = Idle;
    private int _told;
    private long _busyNanoseconds;

    /// <summary>
    /// Present while the loop has a thread of its own: released when it may run. Under the workers' lock.
    /// </summary>
    public SemaphoreSlim? OwnThreadSignal { get; set; }

    /// <summary>
    /// Share of its time on its own thread in which its last round computed, from 0 to 1. Under the workers' lock.
    /// </summary>
    public double Demand { get; set; }

    public ILoop Loop { get; } = loop;

    public override Task Completion => _completion.Task;

    public override long BusyNanoseconds => Interlocked.Read(ref _busyNanoseconds);

    public override void Wake()
    {
        // What the waker wrote must be seen by the round it asks for, or its state here before that round ends.
        Interlocked.MemoryBarrier();
        while (true)
        {
            switch (Volatile.Read(ref _state))
            {
                case Idle:
                    if (Interlocked.CompareExchange(ref _state, Queued, Idle) == Idle)
                    {
                        workers.Enqueue(this);
                        return;
                    }

                    break;
                case Running:
                    if (Interlocked.CompareExchange(ref _state, RunningWoken, Running) == Running)
                    {
                        return;
                    }

                    break;
                default:
                    return;
            }
        }
    }

    /// <summary>Runs one round on the calling thread.</summary>
    /// <returns>Ready when it is to be run again without being woken. When it waits, another thread may run it before
    /// this returns: what the loop is by then says nothing of this round.</returns>
    public LoopStatus RunRound()
    {
        // With a full fence: what was added before a wake that still saw the loop queued is seen by this round.
        Interlocked.Exchange(ref _state, Running);
        LoopStatus status;
        try
        {
            status = Loop.RunRound();
        }
#pragma warning disable CA1031 // A loop answers for its own failures; one that does not must not take a worker along.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            End();
            _completion.TrySetException(exception);
            return LoopStatus.Done;
        }

        switch (status)
        {
            case LoopStatus.Done:
                End();
                _completion.TrySetResult();
                return LoopStatus.Done;
            case LoopStatus.Ready:
                Volatile.Write(ref _state, Queued);
                return LoopStatus.Ready;
            default:
                // Woken during the round: what it did not see must not be lost.
                if (Interlocked.CompareExchange(ref _state, Idle, Running) == Running)
                {
                    return LoopStatus.Waiting;
                }

                Volatile.Write(ref _state, Queued);
                return LoopStatus.Ready;
        }
    }

    public void AddBusy(long nanoseconds) => Interlocked.Add(ref _busyNanoseconds, nanoseconds);

    /// <returns>True the first time: a loop that blocks again and again is told once.</returns>
    public bool Blocks() => IsNews(ToldThatItBlocks);

    /// <returns>True the first time.</returns>
    public bool BlockEnds() => IsNews(ToldThatItEnded);

    /// <returns>True the first time.</returns>
    public bool FindsNoThread() => IsNews(ToldThatNoThreadIsLeft);

    private bool IsNews(int news) => (Interlocked.Or(ref _told, news) & news) == 0;

    private void End() => Volatile.Write(ref _state, Ended);
}
