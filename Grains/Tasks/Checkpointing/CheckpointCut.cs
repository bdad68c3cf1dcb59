namespace Millrace.Tasks.Checkpointing;

/// <summary>Where a subtask cuts its input for a checkpoint. Belongs to its loop, but for what it says of
/// itself.</summary>
internal sealed class CheckpointCut
{
    private long _last;
    private long _made;

    /// <summary>Number of the latest checkpoint whose cut has begun; 0 before the first. From any thread.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Number of the latest checkpoint whose cut has been made; 0 before the first. From any thread.</summary>
    public long LastMade => Volatile.Read(ref _made);

    /// <summary>Whether all input before a cut has been taken and the cut is not made yet: then no more input is
    /// taken.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>What was taken so far is before the cut; what follows is behind it.</summary>
    /// <param name="checkpoint">Number of the checkpoint; one that is not greater than the last is ignored.</param>
    public void Begin(long checkpoint)
    {
        if (checkpoint > _last)
        {
            Volatile.Write(ref _last, checkpoint);
            IsUnderWay = true;
        }
    }

    /// <summary>The cut is made: input is taken again.</summary>
    public void End()
    {
        Volatile.Write(ref _made, _last);
        IsUnderWay = false;
    }
}
