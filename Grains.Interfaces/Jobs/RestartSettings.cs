namespace Millrace.Jobs;

/// <summary>What a job does when a subtask fails and running again could help.</summary>
/// <param name="Strategy">Which strategy; the other members belong to it.</param>
/// <param name="Attempts">For <see cref="RestartStrategyKind.FixedDelay"/>: most restarts, from 1. For
/// <see cref="RestartStrategyKind.FailureRate"/>: most restarts within the interval.</param>
/// <param name="Delay">From the failure to the restart; for <see cref="RestartStrategyKind.Backoff"/>, to the first
/// one.</param>
/// <param name="MaxDelay">For <see cref="RestartStrategyKind.Backoff"/>: the longest delay.</param>
/// <param name="ResetAfter">For <see cref="RestartStrategyKind.Backoff"/>: after so long without a failure the next
/// delay is the first one again. For <see cref="RestartStrategyKind.FailureRate"/>: the interval.</param>
[GenerateSerializer, Immutable, Alias("millrace.RestartSettings")]
public sealed record RestartSettings(
    [property: Id(0)] RestartStrategyKind Strategy,
    [property: Id(1)] int Attempts,
    [property: Id(2)] TimeSpan Delay,
    [property: Id(3)] TimeSpan MaxDelay = default,
    [property: Id(4)] TimeSpan ResetAfter = default)
{
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(30);

    /// <summary>The first failure ends the job.</summary>
    public static readonly RestartSettings None = new(RestartStrategyKind.None, 0, TimeSpan.Zero);

    /// <summary>
    /// A number of restarts, each after the same delay. Without checkpoints each begins from scratch.
    /// </summary>
    /// <param name="attempts">From 1.</param>
    /// <param name="delay">Zero to 30 days.</param>
    /// <exception cref="ArgumentOutOfRangeException">One lies outside its bounds.</exception>
    public static RestartSettings FixedDelay(int attempts, TimeSpan delay) =>
        new RestartSettings(RestartStrategyKind.FixedDelay, attempts, delay).Checked();

    /// <summary>Restarts after the same delay each, as long as there are not more of them within an interval than
    /// are allowed.</summary>
    /// <param name="most">Most restarts within the interval, from 1.</param>
    /// <param name="interval">More than zero.</param>
    /// <param name="delay">From a failure to the restart; zero to 30 days.</param>
    /// <exception cref="ArgumentOutOfRangeException">One lies outside its bounds.</exception>
    public static RestartSettings FailureRate(int most, TimeSpan interval, TimeSpan delay) =>
        new RestartSettings(RestartStrategyKind.FailureRate, most, delay, ResetAfter: interval).Checked();

    /// <summary>Any number of restarts, each after twice the delay of the one before.</summary>
    /// <param name="first">Delay of the first one, from zero; 1 s when null.</param>
    /// <param name="longest">Longest delay, from <paramref name="first"/> to 30 days; 1 minute when null.</param>
    /// <param name="resetAfter">Time without a failure after which the delay is the first one again, from zero; 10
    /// minutes when null.</param>
    /// <exception cref="ArgumentOutOfRangeException">One lies outside its bounds.</exception>
    public static RestartSettings Backoff(
        TimeSpan? first = null, TimeSpan? longest = null, TimeSpan? resetAfter = null) =>
        new RestartSettings(
            RestartStrategyKind.Backoff,
            0,
            first ?? TimeSpan.FromSeconds(1),
            longest ?? TimeSpan.FromMinutes(1),
            resetAfter ?? TimeSpan.FromMinutes(10)).Checked();

    /// <summary>Refuses values that cannot work.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its bounds; the message says which, by the name it
    /// has where it is set.</exception>
    internal RestartSettings Checked()
    {
        switch (Strategy)
        {
            case RestartStrategyKind.None:
                break;
            case RestartStrategyKind.FixedDelay:
                RequireCount("attempts", Attempts);
                RequireDelay("delay", Delay, TimeSpan.Zero);
                break;
            case RestartStrategyKind.FailureRate:
                RequireCount("most", Attempts);
                Require(ResetAfter > TimeSpan.Zero, "interval", ResetAfter, "more than zero");
                RequireDelay("delay", Delay, TimeSpan.Zero);
                break;
            case RestartStrategyKind.Backoff:
                RequireDelay("first", Delay, TimeSpan.Zero);
                RequireDelay("longest", MaxDelay, Delay);
                Require(ResetAfter >= TimeSpan.Zero, "resetAfter", ResetAfter, "zero or more");
                break;
            default:
                throw new ArgumentOutOfRangeException(
                    nameof(Strategy),
                    Strategy,
                    $"The restart strategy is {(int)Strategy}: one of "
                    + $"{string.Join(", ", Enum.GetNames<RestartStrategyKind>())} is needed.");
        }

        return this;
    }

    private void RequireCount(string name, int count) => Require(count >= 1, name, count, "at least 1");

    private void RequireDelay(string name, TimeSpan delay, TimeSpan least) => Require(
        delay >= least && delay <= LongestTime,
        name,
        delay,
        $"{least} to {LongestTime.Days} days");

    private void Require(bool holds, string name, object value, string needed)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(
                name, value, $"'{name}' of the restart strategy {Strategy} is {value}: {needed} is needed.");
        }
    }
}

/// <summary>Kinds of restart strategies.</summary>
public enum RestartStrategyKind
{
    /// <summary>The first failure ends the job.</summary>
    None,

    /// <summary>A number of restarts, each after the same delay.</summary>
    FixedDelay,

    /// <summary>Any number of restarts, each after twice the delay of the one before.</summary>
    Backoff,

    /// <summary>Restarts after the same delay each, as long as there are not too many within an interval.</summary>
    FailureRate,
}
