namespace Millrace.Checkpointing;

/// <summary>What a new job goes on from.</summary>
/// <param name="Path">Folder of a savepoint, or of a checkpoint that was kept: an absolute path or URI that every silo
/// sees.</param>
[GenerateSerializer, Immutable, Alias("millrace.RestoreSettings")]
public sealed record RestoreSettings([property: Id(0)] string Path)
{
    /// <summary>Whether state of operators that the program no longer has, and records that were in flight to them, are
    /// left behind, which is logged; else the job is refused. Default: false.</summary>
    [Id(1)]
    public bool AllowNonRestoredState { get; init; }

    /// <summary>Whether the folder belongs to the job from now on, like a checkpoint of its own: it is removed once one
    /// has taken its place, and when the job is canceled before, unless its checkpoints are retained then. Default:
    /// false; it stays the user's.</summary>
    [Id(2)]
    public bool Claim { get; init; }
}
