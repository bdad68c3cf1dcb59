namespace Millrace.Connectors;

/// <summary>Where a process dies in the course of a checkpoint, as <see cref="TwoPhaseCommitVerifier{T}"/> lets it
/// die.</summary>
public enum CommitCrash
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>Writers have taken records and not been asked for a snapshot: the records come again.</summary>
    BeforePreCommit,

    /// <summary>Writers have taken a snapshot, and the checkpoint came to nothing: its committables are never
    /// committed, and the records come again.</summary>
    AfterPreCommit,

    /// <summary>The checkpoint is complete and nothing of it committed: whoever takes over commits it.</summary>
    BeforeCommit,

    /// <summary>Some of the committables are committed: whoever takes over commits all of them.</summary>
    WithinCommit,

    /// <summary>All of them are committed, and nobody knows: whoever takes over commits them again.</summary>
    AfterCommit,

    /// <summary>The process was only paused: its writers go on, take a snapshot that counts for nothing, and are
    /// disposed when others have taken over and written.</summary>
    StaleWriters,

    /// <summary>The process was only paused: its committer commits the checkpoint once more when others have taken
    /// over, committed it, and gone on.</summary>
    StaleCommitter,
}
