namespace Millrace.Windowing.Triggers;

/// <summary>What is to happen to a window.</summary>
[Flags]
public enum TriggerResult
{
    /// <summary>Nothing.</summary>
    Continue = 0,

    /// <summary>Its result is emitted, and it keeps its records.</summary>
    Fire = 1,

    /// <summary>It forgets its records.</summary>
    Purge = 2,

    /// <summary>Its result is emitted, then it forgets its records.</summary>
    FireAndPurge = Fire | Purge,
}
