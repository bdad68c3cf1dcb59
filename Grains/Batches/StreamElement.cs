using Millrace.Checkpointing;

namespace Millrace.Batches;

/// <summary>What flows between subtasks: batches of records, and control elements queued between them.</summary>
internal abstract class StreamElement
{
    /// <summary>Gives up the holder's reference. Control elements are shared and need none.</summary>
    public virtual void Release()
    {
    }
}

/// <summary>Nothing follows on this channel.</summary>
internal sealed class EndOfData : StreamElement
{
    public static readonly EndOfData Instance = new();

    private EndOfData()
    {
    }
}

/// <summary>Says whether the watermarks of a channel count at present.</summary>
internal sealed class WatermarkStatus : StreamElement
{
    public static readonly WatermarkStatus Active = new();

    /// <summary>No records come at present: the channel holds back nobody's time.</summary>
    public static readonly WatermarkStatus Idle = new();

    private WatermarkStatus()
    {
    }
}

/// <summary>The cut of a checkpoint: what came before it belongs to the checkpoint, what follows does not.</summary>
/// <param name="checkpoint">Number of the checkpoint within the job.</param>
/// <param name="savepoint">What goes along with it when it is a savepoint's cut; else null.</param>
/// <param name="overtakesAt">See <see cref="OvertakesAt"/>.</param>
internal sealed class CheckpointBarrier(
    long checkpoint, SavepointOrder? savepoint = null, long overtakesAt = CheckpointBarrier.Never) : StreamElement
{
    /// <summary>A time that does not come.</summary>
    public const long Never = long.MaxValue;

    public long Checkpoint { get; } = checkpoint;

    public SavepointOrder? Savepoint { get; } = savepoint;

    /// <summary>From when on it need not wait for what stands in front of it, which is recorded instead: a reading of
    /// this silo's clock, or <see cref="Never"/>.</summary>
    public long OvertakesAt { get; } = overtakesAt;
}
