namespace Millrace.Batches;

/// <summary>What a batch carries beside its records; the same for all batches of an edge.</summary>
[Flags]
internal enum BatchLayout
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A timestamp for each record.</summary>
    Timestamps = 1,

    /// <summary>The hash of each record's key.</summary>
    Hashes = 2,
}
