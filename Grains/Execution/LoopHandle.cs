namespace Millrace.Execution;

/// <summary>A loop as its owner sees it.</summary>
public abstract class LoopHandle
{
    /// <summary>
    /// Ends when the loop has said <see cref="LoopStatus.Done"/>. A loop that throws ends it with that error.
    /// </summary>
    public abstract Task Completion { get; }

    /// <summary>Processor time the loop has used so far, in nanoseconds. Elapsed time of its rounds on systems that do
    /// not tell a thread's processor time.</summary>
    public abstract long BusyNanoseconds { get; }

    /// <summary>Makes the loop run a round soon. From any thread, any number of times; never lost.</summary>
    public abstract void Wake();
}
