using Millrace.State;

namespace Millrace.Functions;

/// <summary>Time as the operator sees it, and timers for the current key.</summary>
/// <remarks>
/// On the subtask's loop, while a record or timer with a key is at work. All times are milliseconds since 1970-01-01
/// UTC. A key has at most one timer of each kind for a time: registering it again changes nothing. Timers are part of
/// the state. They fire in the order of their times; those of one time in the order of their keys' hashes.
/// </remarks>
public interface ITimerService
{
    /// <summary>No earlier record will come; <see cref="long.MinValue"/> before the first watermark.</summary>
    long CurrentWatermark { get; }

    /// <summary>The time of the clock.</summary>
    long CurrentProcessingTime { get; }

    /// <summary>Fires once the watermark has reached a time; with the next watermark when it has already.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    void RegisterEventTimeTimer(long time);

    /// <summary>Takes back a timer. One that is not registered is none.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    void DeleteEventTimeTimer(long time);

    /// <summary>Fires once the clock has reached a time; soon when it has already. What is registered when the input
    /// ends never fires.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    void RegisterProcessingTimeTimer(long time);

    /// <summary>Takes back a timer. One that is not registered is none.</summary>
    /// <exception cref="InvalidStateUseException">No key is at work.</exception>
    void DeleteProcessingTimeTimer(long time);
}
