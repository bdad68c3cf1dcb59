namespace Millrace;

/// <summary>Waits for what processes do on their own.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Looks again and again until what it sees is as it should be.</summary>
    /// <param name="phase">What is waited for, for the message.</param>
    /// <param name="look">Gives what there is.</param>
    /// <param name="isRight">Whether that will do.</param>
    public static async Task<T> SeeAsync<T>(string phase, Func<Task<T>> look, Func<T, bool> isRight)
    {
        TimeProvider time = TimeProvider.System;
        long start = time.GetTimestamp();
        while (true)
        {
            T seen = await look();
            if (isRight(seen))
            {
                return seen;
            }

            if (time.GetElapsedTime(start) > Limit)
            {
                Assert.Fail($"{phase}: not within {Limit}. Seen last: {seen}");
            }

            using var pause = new PeriodicTimer(Pause, time);
            await pause.WaitForNextTickAsync();
        }
    }
}
