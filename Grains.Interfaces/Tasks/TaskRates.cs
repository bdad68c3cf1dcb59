namespace Millrace.Tasks;

/// <summary>How a subtask gets on: what its figures came to over a stretch of time.</summary>
/// <param name="RecordsIn">Records taken per second.</param>
/// <param name="RecordsOut">Records sent or written per second.</param>
/// <param name="BytesIn">Bytes taken from other silos per second.</param>
/// <param name="BytesOut">Bytes sent to other silos per second.</param>
/// <param name="Busy">Share of the time it had something to do, 0 to 1.</param>
/// <param name="Backpressured">Share of the time it waited for room in an output.</param>
/// <param name="Idle">Share of the time it waited for input.</param>
[GenerateSerializer, Immutable, Alias("millrace.TaskRates")]
public sealed record TaskRates(
    [property: Id(0)] double RecordsIn,
    [property: Id(1)] double RecordsOut,
    [property: Id(2)] double BytesIn,
    [property: Id(3)] double BytesOut,
    [property: Id(4)] double Busy,
    [property: Id(5)] double Backpressured,
    [property: Id(6)] double Idle)
{
    /// <summary>From one look at an attempt to a later one, by the clock of its silo.</summary>
    /// <param name="before">The earlier look; null for the time from its beginning.</param>
    /// <param name="now">The later look, at the same attempt.</param>
    /// <returns>Null when no time has passed between the two.</returns>
    public static TaskRates? Between(TaskMetrics? before, TaskMetrics now)
    {
        ArgumentNullException.ThrowIfNull(now);
        double elapsed = now.ElapsedNanoseconds - (before?.ElapsedNanoseconds ?? 0);
        if (elapsed <= 0)
        {
            return null;
        }

        return new TaskRates(
            PerSecond(now.RecordsIn - (before?.RecordsIn ?? 0)),
            PerSecond(now.RecordsOut - (before?.RecordsOut ?? 0)),
            PerSecond(now.BytesIn - (before?.BytesIn ?? 0)),
            PerSecond(now.BytesOut - (before?.BytesOut ?? 0)),
            (now.BusyNanoseconds - (before?.BusyNanoseconds ?? 0)) / elapsed,
            (now.BackpressuredNanoseconds - (before?.BackpressuredNanoseconds ?? 0)) / elapsed,
            (now.IdleNanoseconds - (before?.IdleNanoseconds ?? 0)) / elapsed);

        double PerSecond(long amount) => amount * 1e9 / elapsed;
    }
}
