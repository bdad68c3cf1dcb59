using System.ComponentModel.DataAnnotations;

namespace Millrace.Tasks;

/// <summary>How a silo treats its subtasks. Section <c>Millrace:Tasks</c>.</summary>
public sealed class TaskHostOptions
{
    /// <summary>
    /// Time a subtask has to stop once it was told to; then it is given up, with its slot. Default 60 s; 100 ms to 1
    /// day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan CancellationTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Most bytes of a subtask's state that travel with its report and stand in the checkpoint's metadata;
    /// with more it has a file. Default 20 KB; 0 to 1 MB.</summary>
    [Range(0, 1 << 20)]
    public int InlineStateBytes { get; set; } = 20 << 10;

    /// <summary>Whether a checkpoint may hold only what has changed since the last one that was completed. Savepoints
    /// always hold everything. Default true.</summary>
    public bool IncrementalCheckpoints { get; set; } = true;

    /// <summary>How many checkpoints in a row a subtask may write as changes; the next one holds everything again.
    /// Default 16; 1 to 1,000.</summary>
    [Range(1, 1_000)]
    public int MaxIncrements { get; set; } = 16;

    /// <summary>Bytes of all changes that a subtask's checkpoint builds upon, as a part of the bytes of the last one
    /// that held everything: with more the next one holds everything again. Default 0.5; 0 to 10.</summary>
    [Range(0.0, 10.0)]
    public double MaxIncrementRatio { get; set; } = 0.5;
}
