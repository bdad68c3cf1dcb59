namespace Millrace.Operators.Sources;

/// <summary>What stands at the head of a chain says after it was run.</summary>
internal enum HeadStatus
{
    /// <summary>The round is over; there is more to do.</summary>
    Ready,

    /// <summary>No input now: the loop will be woken.</summary>
    Idle,

    /// <summary>It takes no input now, though there may be some: the loop will be woken.</summary>
    Held,

    /// <summary>The outputs have no room: the loop will be woken.</summary>
    Backpressured,

    /// <summary>The end of data has passed through the head.</summary>
    Finished,
}
