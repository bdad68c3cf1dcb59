namespace Millrace.Execution;

/// <summary>Work that is done in short rounds by whichever worker is free. Knows nothing of threads.</summary>
public interface ILoop
{
    /// <summary>For logs: job, vertex and subtask.</summary>
    string Name { get; }

    /// <summary>Does about a millisecond of work. Never overlaps with itself.</summary>
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
