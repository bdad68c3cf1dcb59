namespace Millrace.Checkpointing;

/// <summary>What becomes of the job whose savepoint is taken.</summary>
public enum SavepointKind
{
    /// <summary>It goes on.</summary>
    Continue,

    /// <summary>It stops: nothing behind the cut is processed. Windows that are open stay open in the
    /// savepoint.</summary>
    Suspend,

    /// <summary>It stops for good: before the cut, event time comes to its end, and all that waits for it
    /// fires.</summary>
    Drain,
}
