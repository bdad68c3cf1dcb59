namespace Millrace.State.TimeToLive;

/// <summary>What a state with a time to live stands on when that is rows on the disk, which tell when they were used
/// without being read as a whole.</summary>
internal interface ISweptRows
{
    /// <summary>Looks at the next values, of whatever keys, and removes those that are over; now and then, and many at
    /// once then.</summary>
    /// <param name="looks">Number of values, about.</param>
    /// <param name="expiry">When values are over.</param>
    /// <param name="now">Milliseconds since 1970-01-01 UTC.</param>
    /// <exception cref="Disk.DiskStateException">The disk is full, or fails.</exception>
    void Sweep(int looks, Expiry expiry, long now);
}
