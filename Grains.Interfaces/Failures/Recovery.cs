namespace Millrace.Failures;

/// <summary>What a job is to do about a failure.</summary>
public enum Recovery
{
    /// <summary>Run again, from the last checkpoint where there is one.</summary>
    Restart,

    /// <summary>Stop for good: running again would fail again.</summary>
    Fail,
}
