using System.ComponentModel.DataAnnotations;

namespace Millrace.State.Disk;

/// <summary>What a silo's jobs keep their state in. Section <c>Millrace:State</c>.</summary>
public sealed class StateOptions
{
    /// <summary>For jobs that do not say it themselves. Default <see cref="StateBackend.Heap"/>.</summary>
    [EnumDataType(typeof(StateBackend))]
    public StateBackend Backend { get; set; } = StateBackend.Heap;
}

/// <summary>What state on the disk may take. Section <c>Millrace:State:Disk</c>.</summary>
public sealed class DiskStateOptions
{
    /// <summary>Folder for state that is being worked on: local, fast, of any number of silos. Empty (the default) for
    /// one among the system's temporary files. A silo removes what dead processes left there; checkpoints are
    /// elsewhere.</summary>
    public string Directory { get; set; } = "";

    /// <summary>Bytes of memory for the state on the disk of all jobs of the silo together. Default 256 MB; 32 MB to
    /// 1 TB.</summary>
    [Range(32L << 20, 1L << 40)]
    public long MemoryBudget { get; set; } = 256L << 20;

    /// <summary>Most bytes that state may take on the disk, all jobs of the silo together. Default 256 GB; 64 MB to
    /// 1 PB.</summary>
    [Range(64L << 20, 1L << 50)]
    public long MaxBytes { get; set; } = 256L << 30;

    /// <summary>Threads that sort files anew in the background. Default 2; 1 to 64.</summary>
    [Range(1, 64)]
    public int BackgroundThreads { get; set; } = 2;
}
