namespace Millrace.State.Disk;

/// <summary>What is known of a row that is at hand, and whether the database has yet to learn of it.</summary>
internal enum RowStatus : byte
{
    /// <summary>Nothing.</summary>
    Unknown,

    /// <summary>There is no such row.</summary>
    Absent,

    /// <summary>Its value, as the database has it.</summary>
    Clean,

    /// <summary>Its value, to be set.</summary>
    Changed,

    /// <summary>There is no such row any more; it is to be removed.</summary>
    Removed,

    /// <summary>Its value, the end of which is to be put behind what the database has.</summary>
    Extended,

    /// <summary>What is to be put behind what the database has, which is not known.</summary>
    Appended,
}
