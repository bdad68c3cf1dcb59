using Millrace.Clustering.Clients;
using Millrace.Local;
using Orleans.Runtime.Messaging;

namespace Millrace.Programs;

/// <summary>Calls grains from outside, again and again while the silos that should answer are being lost.</summary>
/// <remarks>Only for calls that may arrive twice.</remarks>
/// <param name="grains">The way to the cluster; asked for each call.</param>
/// <param name="time">The clock.</param>
/// <param name="isGone">Whether the cluster certainly is no longer there, so that waiting is in vain; null where nobody
/// can tell.</param>
/// <param name="outageTimeout">How long a wait for the end of a job outlives a cluster that does not answer; null for
/// the default of <see cref="MillraceClientOptions.OutageTimeout"/>.</param>
internal sealed class ClusterCalls(
    Func<IGrainFactory> grains, TimeProvider time, Func<bool>? isGone = null, TimeSpan? outageTimeout = null)
{
    /// <summary>Of one question that waits for something to happen; well below the time a call may take.</summary>
    public static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(2);

    // A lost silo is declared dead within 2 s, and what it ran is elsewhere soon after.
    private static readonly CallPatience Ordinary = new(TimeSpan.FromSeconds(30));

    // A call that was on its way to a silo that died is answered by nobody: asked again, it goes elsewhere.
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Patience _pauses = new(time);

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>How long a wait for the end of a job outlives a cluster that does not answer.</summary>
    public TimeSpan OutageTimeout { get; } = outageTimeout ?? new MillraceClientOptions().OutageTimeout;

    /// <param name="call">May arrive twice.</param>
    /// <param name="cancellationToken">Gives up; what was asked for may happen nevertheless.</param>
    /// <param name="longestCall">For a call that does long work; null for one that answers at once.</param>
    /// <param name="patience">For a call that is worth waiting longer for; null for 30 s.</param>
    /// <param name="about">What follows when no call is answered, as whole sentences; or null.</param>
    /// <exception cref="ClusterLostException">No call was answered for a while.</exception>
    public async Task<T> CallAsync<T>(
        Func<IGrainFactory, CancellationToken, Task<T>> call,
        CancellationToken cancellationToken,
        TimeSpan? longestCall = null,
        CallPatience? patience = null,
        string? about = null)
    {
        patience ??= Ordinary;
        long start = time.GetTimestamp();
        bool isTold = false;
        while (true)
        {
            try
            {
                // Not all calls look at the token; a caller that gives up must not wait for an answer.
                T answer = await call(grains(), cancellationToken)
                    .WaitAsync(longestCall ?? LongestCall, time, cancellationToken);
                if (isTold)
                {
                    patience.Answered?.Invoke(time.GetElapsedTime(start));
                }

                return answer;
            }
            catch (Exception failure) when (IsPassing(failure))
            {
                TimeSpan tried = time.GetElapsedTime(start);
                if (tried >= patience.Limit || isGone?.Invoke() == true)
                {
                    throw new ClusterLostException(tried, failure, about);
                }

                if (!isTold && tried >= CallPatience.ToldAfter)
                {
                    isTold = true;
                    patience.Silent?.Invoke(tried, failure);
                }
            }

            await _pauses.PauseAsync(Pause, cancellationToken);
        }
    }

    /// <summary>Whether the failure is one of the way to the grain, not of the grain.</summary>
    private static bool IsPassing(Exception failure) => failure is TimeoutException
        or OrleansMessageRejectionException
        or SiloUnavailableException
        or ClientNotAvailableException
        or GatewayTooBusyException
        or ConnectionFailedException;
}
