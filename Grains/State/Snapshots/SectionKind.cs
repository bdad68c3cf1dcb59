namespace Millrace.State.Snapshots;

/// <summary>What a section of a snapshot holds. The numbers are part of the format.</summary>
internal enum SectionKind : byte
{
    /// <summary>A value for each key.</summary>
    Value = 1,

    /// <summary>A list for each key.</summary>
    List = 2,

    /// <summary>A map for each key.</summary>
    Map = 3,

    /// <summary>Timers that follow the watermark.</summary>
    EventTimeTimers = 4,

    /// <summary>Timers that follow the clock.</summary>
    ProcessingTimeTimers = 5,
}
