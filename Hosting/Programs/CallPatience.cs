namespace Millrace.Programs;

/// <summary>How long an answer of the cluster is waited for while calls come to nothing, and who hears of it.</summary>
/// <param name="Limit">From the first call that is not answered to <see cref="ClusterLostException"/>.</param>
/// <param name="Silent">Told once in a wait: for how long nobody has answered, and what the last call failed
/// of.</param>
/// <param name="Answered">Told when there is an answer after all; only after <paramref name="Silent"/>.</param>
internal sealed record CallPatience(
    TimeSpan Limit, Action<TimeSpan, Exception>? Silent = null, Action<TimeSpan>? Answered = null)
{
    /// <summary>A silence shorter than this is a silo being replaced, and not worth a word.</summary>
    public static readonly TimeSpan ToldAfter = TimeSpan.FromSeconds(5);
}
