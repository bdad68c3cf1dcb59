namespace Millrace.State;

/// <summary>Whether a value may still be seen when its time to live is over.</summary>
public enum StateTtlVisibility
{
    /// <summary>No: as soon as it has expired, it is not there.</summary>
    NeverReturnExpired,

    /// <summary>Yes, as long as nothing has removed it: once by the reading that comes across a value or an entry, and
    /// until the next writing for elements of a list.</summary>
    ReturnIfNotCleanedUp,
}
