using System.ComponentModel.DataAnnotations;

namespace Millrace.Checkpointing.Storage;

/// <summary>Where checkpoints are kept. Section <c>Millrace:Checkpoints</c>.</summary>
public sealed class CheckpointOptions
{
    /// <summary>The configuration key of <see cref="Directory"/>.</summary>
    internal const string DirectoryKey = "Millrace:Checkpoints:Directory";

    /// <summary>The configuration key of <see cref="SavepointDirectory"/>.</summary>
    internal const string SavepointDirectoryKey = "Millrace:Checkpoints:SavepointDirectory";

    /// <summary>The place of all jobs' checkpoints; all silos of a cluster see the same one: a path,
    /// <c>file:///path</c>, <c>azblob://container/path</c> or
    /// <c>https://account.blob.core.windows.net/container/path</c>.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Directory { get; set; } = "";

    /// <summary>Where savepoints go whose request names no directory: an absolute path, or a URI. Default empty: each
    /// request has to name one.</summary>
    public string SavepointDirectory { get; set; } = "";

    /// <summary>How long a savepoint may take from the request on, its turn waited for; it is given up then, and the
    /// job goes on. Default 10 minutes; 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SavepointTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Bytes of state that a silo writes into checkpoints and savepoints in a second at most, all its subtasks
    /// together; a checkpoint takes as long as its bytes need by that, and has to end within its timeout. Default none:
    /// as fast as they can be; else 1 MB to 1 TB.</summary>
    [Range(1L << 20, 1L << 40)]
    public long? BytesPerSecond { get; set; }
}
