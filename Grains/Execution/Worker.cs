namespace Millrace.Execution;

/// <summary>One thread and what it is at.</summary>
/// <param name="name">Name of the thread.</param>
/// <param name="meter">What its rounds use.</param>
/// <param name="age">How long its round has been going on.</param>
internal sealed class Worker(string name, RoundMeter meter, RoundAge age)
{
    private ExecutionContext? _clean;

    public string Name { get; } = name;

    public RoundMeter Meter { get; } = meter;

    /// <summary>The loop whose round is going on, or null. Under the workers' lock.</summary>
    public WorkerLoop? Loop { get; private set; }

    /// <summary>When the round began. Under the workers' lock.</summary>
    public long Started { get; private set; }

    /// <summary>Another thread has taken this one's place among the workers. Under the workers' lock.</summary>
    public bool Replaced { get; set; }

    /// <summary>A round begins. Under the workers' lock.</summary>
    public void Begin(WorkerLoop loop, long started)
    {
        Started = started;
        Loop = loop;
    }

    /// <summary>The round is over. Under the workers' lock.</summary>
    public void End() => Loop = null;

    /// <summary>How long the round has been going on, in ticks. Under the workers' lock, by the watchdog.</summary>
    public long Age(long now) => age.Look(Started, now);

    /// <summary>On its own thread, before the first round.</summary>
    public void Enter() => _clean = ExecutionContext.Capture();

    /// <summary>
    /// On its own thread, after a round: what user code has hung on the thread (asynchronous locals, culture, a
    /// synchronization context) is neither for the next loop, which may be another job's, nor to be kept alive by it.
    /// </summary>
    public void Clear()
    {
        ExecutionContext.Restore(_clean!);
        if (SynchronizationContext.Current is not null)
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }
}
