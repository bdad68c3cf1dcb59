using Millrace.Checkpointing.Statistics;

namespace Millrace.Tasks.Checkpointing;

/// <summary>How long the phases of a subtask's parts take. Belongs to its loop.</summary>
/// <param name="time">The clock, read a few times for each checkpoint; null for none.</param>
internal sealed class PartTimes(TimeProvider? time)
{
    private long _announced;
    private long _began;
    private long _ended;
    private bool _isAnnounced;

    /// <summary>The first barrier of a checkpoint has come.</summary>
    public void Announce()
    {
        _announced = Now();
        _isAnnounced = true;
    }

    /// <summary>What was before the cut has gone through: operators tell what they keep.</summary>
    public void CutBegins()
    {
        _began = Now();
        _announced = _isAnnounced ? _announced : _began;
        _isAnnounced = false;
    }

    /// <summary>The loop goes on.</summary>
    public void CutEnds() => _ended = Now();

    /// <summary>The times of the part whose cut was made last.</summary>
    public PartTime Taken() => new(time, Between(_announced, _began), Between(_began, _ended), _ended);

    private long Now() => time?.GetTimestamp() ?? 0;

    private TimeSpan Between(long from, long to) => time?.GetElapsedTime(from, to) ?? TimeSpan.Zero;
}

/// <summary>The times of one part, which is being stored. From any thread.</summary>
/// <param name="Time">The clock, or null.</param>
/// <param name="Alignment">From the first barrier to the cut.</param>
/// <param name="Synchronous">The cut.</param>
/// <param name="Ended">When that was over, in ticks of the clock.</param>
internal readonly record struct PartTime(
    TimeProvider? Time, TimeSpan Alignment, TimeSpan Synchronous, long Ended)
{
    /// <summary>It is stored now.</summary>
    public CheckpointTimes Stored() =>
        new(Alignment, Synchronous, Time?.GetElapsedTime(Ended) ?? TimeSpan.Zero);
}
