namespace Millrace.Operators.Async.Lookups;

/// <summary>What a lookup join tells about its cache. Written by its loop, read from any thread, a little
/// behind.</summary>
internal interface ILookupCounts
{
    /// <summary>Records whose rows were in the cache.</summary>
    long Hits { get; }

    /// <summary>Records whose rows were not.</summary>
    long Misses { get; }

    /// <summary>Keys that have left the cache for want of room, or were found to have expired.</summary>
    long Evictions { get; }
}
