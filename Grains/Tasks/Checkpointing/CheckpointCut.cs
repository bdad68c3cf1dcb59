using Millrace.Batches;
using Millrace.Checkpointing;

namespace Millrace.Tasks.Checkpointing;

/// <summary>Where a subtask cuts its input for a checkpoint or savepoint. Belongs to its loop, but for what it says of
/// itself.</summary>
/// <param name="time">The clock to measure by; null for none.</param>
internal sealed class CheckpointCut(TimeProvider? time = null)
{
    private (long Checkpoint, SavepointOrder? Savepoint) _expected;
    private long _last;
    private long _made;
    private long _goesOnFrom;

    /// <summary>How long the phases of a part take.</summary>
    public PartTimes Times { get; } = new(time);

    /// <summary>Number of the latest checkpoint whose cut has begun; 0 before the first. From any thread.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Number of the latest checkpoint whose cut has been made; 0 before the first. From any thread.</summary>
    public long LastMade => Volatile.Read(ref _made);

    /// <summary>Whether all input before a cut has been taken, or is in flight, and the cut is not made yet: then no
    /// more input is taken.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>From when on the latest cut need not wait for what stands in front of it, by the loop's clock;
    /// <see cref="CheckpointBarrier.Never"/> when it has to.</summary>
    public long OvertakesAt { get; private set; } = CheckpointBarrier.Never;

    /// <summary>Whether a cut was made behind which the subtask stands still: a savepoint stops its job.</summary>
    public bool IsHalted { get; private set; }

    /// <summary>What goes along with the latest cut; null for a checkpoint of the job's own.</summary>
    public SavepointOrder? Savepoint { get; private set; }

    /// <summary>What goes along with the cut of a checkpoint, before it begins.</summary>
    public void Expect(long checkpoint, SavepointOrder? savepoint)
    {
        if (checkpoint > _expected.Checkpoint)
        {
            _expected = (checkpoint, savepoint);
        }
    }

    /// <summary>What was taken so far is before the cut; what follows is behind it.</summary>
    /// <param name="checkpoint">Number of the checkpoint; one that is not greater than the last is ignored.</param>
    /// <param name="overtakesAt">See <see cref="OvertakesAt"/>.</param>
    public void Begin(long checkpoint, long overtakesAt = CheckpointBarrier.Never)
    {
        if (checkpoint > _last)
        {
            OvertakesAt = overtakesAt;
            Volatile.Write(ref _last, checkpoint);
            Savepoint = _expected.Checkpoint == checkpoint ? _expected.Savepoint : null;
            IsUnderWay = true;
        }
    }

    /// <summary>The cut is made: input is taken again, unless the job stops with it.</summary>
    public void End()
    {
        Pass();
        IsHalted = Savepoint is { Halts: true } && !IsGivenUp(_last);
    }

    /// <summary>There is no cut: the subtask finishes.</summary>
    public void Pass()
    {
        Volatile.Write(ref _made, _last);
        IsUnderWay = false;
    }

    /// <summary>Whether a savepoint stops nobody any more.</summary>
    public bool IsGivenUp(long checkpoint) => checkpoint <= _goesOnFrom;

    /// <summary>Savepoints up to a number stop nobody any more.</summary>
    public void GoOn(long checkpoint)
    {
        _goesOnFrom = Math.Max(_goesOnFrom, checkpoint);
        IsHalted &= !IsGivenUp(_last);
    }
}
