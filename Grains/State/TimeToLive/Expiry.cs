namespace Millrace.State.TimeToLive;

/// <summary>When the values of a state expire.</summary>
internal sealed class Expiry(StateTtlConfig config, TimeProvider time)
{
    private readonly long _duration = (long)config.Duration.TotalMilliseconds;

    /// <summary>Whether reading a value lets it live anew.</summary>
    public bool RenewsOnRead { get; } = config.UpdateOn == StateTtlUpdate.ReadAndWrite;

    /// <summary>Whether an expired value may be returned.</summary>
    public bool ReturnsExpired { get; } = config.Visibility == StateTtlVisibility.ReturnIfNotCleanedUp;

    /// <summary>The time of the clock, in milliseconds since 1970-01-01 UTC.</summary>
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Whether what was used last at a time has expired now.</summary>
    public bool IsOver(long used, long now) => now - used >= _duration;
}
