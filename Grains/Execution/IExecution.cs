namespace Millrace.Execution;

/// <summary>
/// The one seam to everything that makes a run differ from another: threads, clocks, ids, chance, connections.
/// </summary>
/// <remarks>
/// Code that starts work, waits, reads a clock, draws an id or a random number or opens a connection does it through
/// here, so that the simulation can run the same code in one thread from one seed. Every member may be called from
/// any thread.
/// </remarks>
public interface IExecution
{
    /// <summary>The clock. Delays and timeouts are measured on it too.</summary>
    TimeProvider Time { get; }

    /// <summary>Connections to other silos.</summary>
    ITransport Transport { get; }

    /// <summary>Files for what is kept aside while a job runs.</summary>
    IFiles Files { get; }

    /// <summary>Hands a loop to the workers. It first runs after <see cref="LoopHandle.Wake"/>.</summary>
    /// <param name="loop">Ran by one worker at a time.</param>
    /// <param name="share">Whose share of the processors it uses.</param>
    LoopHandle StartLoop(ILoop loop, LoopShare share);

    /// <summary>Runs work that may wait, on the pool. It does not block, but for reads and writes of local files:
    /// there it costs no more than the class library's own way to the pool.</summary>
    /// <returns>Ends with the work; its owner must observe it.</returns>
    Task RunAsync(Func<Task> work);

    /// <summary>Runs work that blocks, on a thread of its own.</summary>
    /// <param name="name">For the thread's name.</param>
    /// <param name="work">Returns when its owner cancels it.</param>
    /// <returns>Ends with the work; its owner must observe it.</returns>
    Task RunBlockingAsync(string name, Action work);

    /// <summary>Ends after a while.</summary>
    Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>A fresh id.</summary>
    Guid NewId();

    /// <summary>A fresh source of random numbers, for one owner.</summary>
    Random NewRandom();
}
