namespace Millrace.Local;

/// <summary>Waits for what other processes do, which nobody announces: looks again and again, up to a limit.</summary>
internal sealed class Patience(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private readonly Task _never = new TaskCompletionSource().Task;

    /// <returns>False when the condition was not met in time.</returns>
    public async Task<bool> UntilAsync(Func<bool> condition, TimeSpan limit, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (!condition())
        {
            if (time.GetElapsedTime(start) >= limit)
            {
                return false;
            }

            await PauseAsync(Pause, cancellationToken);
        }

        return true;
    }

    public async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await _never.WaitAsync(pause, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Nothing else was waited for.
        }
    }
}
