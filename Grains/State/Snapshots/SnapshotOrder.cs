namespace Millrace.State.Snapshots;

/// <summary>What a cut of an operator's state is for.</summary>
/// <param name="Checkpoint">Number of the checkpoint or savepoint; greater than that of any before.</param>
/// <param name="BuildsOn">Number of a completed checkpoint of this very attempt: what has not changed since may be left
/// out. 0: everything is written, in the form that any backend reads.</param>
/// <param name="TracksChanges">Whether later ones may build on this one, so that changes are to be remembered.</param>
internal readonly record struct SnapshotOrder(long Checkpoint, long BuildsOn, bool TracksChanges)
{
    /// <summary>Everything, for whoever asks; nothing will be built upon it.</summary>
    public static readonly SnapshotOrder Everything = new(0, 0, TracksChanges: false);
}
