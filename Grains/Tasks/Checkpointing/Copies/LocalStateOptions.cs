using System.ComponentModel.DataAnnotations;

namespace Millrace.Tasks.Checkpointing.Copies;

/// <summary>Copies of checkpointed state on a silo's disk. Section <c>Millrace:LocalState</c>.</summary>
public sealed class LocalStateOptions
{
    /// <summary>Whether the state that subtasks write for checkpoints is also kept on this silo's disk, so that those
    /// that run again here need not fetch it. Default <see cref="LocalStateCopies.WhenRemote"/>.</summary>
    public LocalStateCopies Copies { get; set; } = LocalStateCopies.WhenRemote;

    /// <summary>Folder for them: local, fast, of any number of silos. Empty (the default) for one among the system's
    /// temporary files. A silo removes what dead processes left there.</summary>
    public string Directory { get; set; } = "";

    /// <summary>Most bytes of copies; the oldest go first, and what does not fit is not copied. Default 64 GB; 1 MB to
    /// 1 PB.</summary>
    [Range(1L << 20, 1L << 50)]
    public long MaxBytes { get; set; } = 64L << 30;

    /// <summary>Most copies, each of which is an open file; the oldest go first. Default 1,024; 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int MaxFiles { get; set; } = 1_024;
}

/// <summary>When checkpointed state is also kept on the silo's disk.</summary>
public enum LocalStateCopies
{
    /// <summary>When checkpoints are kept elsewhere than in a directory: with that, a copy is as far away.</summary>
    WhenRemote,

    /// <summary>Always: the directory of checkpoints is far away, too.</summary>
    Always,

    /// <summary>Never.</summary>
    Never,
}
