namespace Millrace.Functions;

/// <summary>Which time a timer follows.</summary>
public enum TimeDomain
{
    /// <summary>The time records speak of: the watermark.</summary>
    EventTime,

    /// <summary>The time of the clock.</summary>
    ProcessingTime,
}
