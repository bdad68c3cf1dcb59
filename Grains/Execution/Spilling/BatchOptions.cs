using System.ComponentModel.DataAnnotations;

namespace Millrace.Execution.Spilling;

/// <summary>What jobs in batch mode may keep aside on a silo. Section <c>Millrace:Batch</c>.</summary>
public sealed class BatchOptions
{
    /// <summary>Folder for what does not fit the memory: local, fast, of any number of silos. Empty (the default) for
    /// one among the system's temporary files. A silo removes what dead processes left there.</summary>
    public string SpillDirectory { get; set; } = "";

    /// <summary>Most bytes that a silo's jobs may keep on the disk at a time. Default 64 GB; 1 MB to 1 PB.</summary>
    [Range(1L << 20, 1L << 50)]
    public long MaxSpillBytes { get; set; } = 64L << 30;

    /// <summary>Bytes of finished and half-finished partitions that stay in a silo's memory; more go to the disk.
    /// Default 128 MB; at least 16 KB.</summary>
    [Range(16L << 10, 1L << 40)]
    public long PartitionMemoryBytes { get; set; } = 128L << 20;

    /// <summary>Bytes of one sorting input of a subtask that stay in memory; more go to the disk. An operator with two
    /// inputs sorts both; a rolling aggregate keeps results of about as many bytes again, and sorts the records of
    /// further keys only. Default 32 MB; 16 KB to 1 GB.</summary>
    [Range(16 << 10, 1 << 30)]
    public int SortMemoryBytes { get; set; } = 32 << 20;
}
