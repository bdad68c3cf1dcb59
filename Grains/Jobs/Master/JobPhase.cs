namespace Millrace.Jobs.Master;

/// <summary>What a job master is doing; finer than a <see cref="JobStatus"/>, and named by what it waits for.</summary>
internal enum JobPhase
{
    /// <summary>Nothing yet.</summary>
    New,

    /// <summary>What older epochs left running is being stopped.</summary>
    Reconciling,

    /// <summary>Enumerators start, committers prepare.</summary>
    Preparing,

    /// <summary>The resource manager looks for slots.</summary>
    RequestingSlots,

    /// <summary>Silos build subtasks.</summary>
    Deploying,

    /// <summary>Subtasks process.</summary>
    Running,

    /// <summary>Everything under way is being ended.</summary>
    Stopping,

    /// <summary>What the writers left behind is being removed.</summary>
    Aborting,

    /// <summary>The decision to run again is being recorded.</summary>
    DecidingRestart,

    /// <summary>The delay before a restart.</summary>
    AwaitingRestart,

    /// <summary>The checkpoint to go on from is being read.</summary>
    ChoosingCheckpoint,

    /// <summary>The decision to commit is being recorded.</summary>
    DecidingCommit,

    /// <summary>Results become visible.</summary>
    Committing,

    /// <summary>The decision never to commit is being recorded.</summary>
    GivingUpCommit,

    /// <summary>The end is being recorded.</summary>
    Ending,

    /// <summary>Over.</summary>
    Ended,

    /// <summary>Another epoch is in charge.</summary>
    SteppedDown,
}

/// <summary>What a job is to come to, as things stand.</summary>
internal enum JobGoal
{
    Finish,
    Cancel,
    Fail,
    Restart,
}
