using Millrace.Failures;

namespace Millrace.Checkpointing;

/// <summary>How far a savepoint has come.</summary>
/// <param name="State">How far.</param>
/// <param name="Path">Where it is, when it is complete: an absolute path or URI.</param>
/// <param name="Failure">Why there is none, when it failed.</param>
[GenerateSerializer, Immutable, Alias("millrace.SavepointProgress")]
public sealed record SavepointProgress(
    [property: Id(0)] SavepointState State,
    [property: Id(1)] string? Path = null,
    [property: Id(2)] FailureInfo? Failure = null)
{
    /// <summary>It is waited for.</summary>
    public static readonly SavepointProgress UnderWay = new(SavepointState.InProgress);
}

/// <summary>How far a savepoint has come.</summary>
public enum SavepointState
{
    /// <summary>It waits for its turn, or for its parts; or the job it stops is about to end.</summary>
    InProgress,

    /// <summary>It is there, whole. A job that was to stop with it has ended.</summary>
    Completed,

    /// <summary>There is none, and the job goes on or has ended without it.</summary>
    Failed,
}
