namespace Millrace.Execution;

/// <summary>Work that is done in short rounds by whichever worker is free. Knows nothing of threads.</summary>
public interface ILoop
{
    /// <summary>For logs: job, vertex and subtask.</summary>
    string Name { get; }

    /// <summary>For logs, from any thread: the operator at work; null when none is, or when it is not known.</summary>
    string? Operator => null;

    /// <summary>Does about a millisecond of work. Never overlaps with itself.</summary>
    /// <remarks>On whichever thread is free: what a round leaves on its thread (asynchronous locals, culture, a
    /// synchronization context) is gone in the next.</remarks>
    LoopStatus RunRound();
}

/// <summary>What a loop says after a round.</summary>
public enum LoopStatus
{
    /// <summary>There is more to do now.</summary>
    Ready,

    /// <summary>Nothing to do until it is woken.</summary>
    Waiting,

    /// <summary>It has ended and is not run again.</summary>
    Done,
}
