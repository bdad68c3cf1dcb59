namespace Millrace.State;

/// <summary>How long state stays that nobody uses. Counted in processing time.</summary>
/// <remarks>An expired value is as if it had never been there, unless <see cref="Visibility"/> says otherwise. It is
/// removed when it is come across. Using a state also looks at some values of other keys, and removes those that have
/// expired: what nobody asks for any more does not stay, as long as the state is used.</remarks>
public sealed class StateTtlConfig
{
    /// <summary>State that expires.</summary>
    /// <param name="duration">From 1 ms to 100 years, in whole milliseconds; less than one is left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">The duration lies outside these bounds.</exception>
    public StateTtlConfig(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, TimeSpan.FromDays(36_525));
        Duration = duration;
    }

    /// <summary>How long a value stays after it was used.</summary>
    public TimeSpan Duration { get; }

    /// <summary>What counts as use. Default: writing.</summary>
    public StateTtlUpdate UpdateOn { get; init; } = StateTtlUpdate.Write;

    /// <summary>Whether a value may still be seen when it has expired. Default: never.</summary>
    public StateTtlVisibility Visibility { get; init; } = StateTtlVisibility.NeverReturnExpired;
}
