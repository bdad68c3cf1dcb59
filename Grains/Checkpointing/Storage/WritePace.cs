using Millrace.Execution;

namespace Millrace.Checkpointing.Storage;

/// <summary>How fast a silo writes state into checkpoints, all its subtasks together. Thread-safe.</summary>
/// <remarks>A value that is written to while its checkpoint is on its way is set aside first, once. When that takes
/// longer, the values that are set aside become hardly more, and the records among which that work is spread become
/// many more.</remarks>
/// <param name="bytesPerSecond">The pace.</param>
/// <param name="execution">Knows the time.</param>
internal sealed class WritePace(long bytesPerSecond, IExecution execution)
{
    // What may be written at once when nothing was written before: small checkpoints are not held up.
    private static readonly TimeSpan Head = TimeSpan.FromMilliseconds(100);

    // Shorter waits would be timers and nothing else.
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly long _started = execution.Time.GetTimestamp();
    private TimeSpan _taken = -Head;

    /// <summary>Bytes have been written: blocks until more may be.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public void Keep(int bytes, CancellationToken cancellationToken)
    {
        TimeSpan wait = Take(bytes);
        if (wait > TimeSpan.Zero)
        {
            execution.DelayAsync(wait, cancellationToken).GetAwaiter().GetResult();
        }
    }

    /// <summary>Bytes have been written.</summary>
    /// <param name="bytes">How many.</param>
    /// <returns>How long whoever wrote them is to write no more.</returns>
    internal TimeSpan Take(int bytes)
    {
        lock (_lock)
        {
            TimeSpan now = execution.Time.GetElapsedTime(_started);
            TimeSpan from = _taken > now - Head ? _taken : now - Head;
            _taken = from + TimeSpan.FromSeconds((double)bytes / bytesPerSecond);
            return _taken - now >= Least ? _taken - now : TimeSpan.Zero;
        }
    }
}
