using System.Globalization;
using Millrace.Failures;

namespace Millrace.Checkpointing;

/// <summary>A part of a checkpoint is missing or is not what was written.</summary>
/// <param name="place">Where it is.</param>
/// <param name="finding">What is wrong with it.</param>
/// <param name="cause">What was found out first, or null.</param>
/// <param name="offset">The first byte that is known to be concerned, from the beginning of the file; null when the
/// file is missing.</param>
[GenerateSerializer, Alias("millrace.CheckpointCorruptedException")]
public sealed class CheckpointCorruptedException(
    string place, string finding, Exception? cause = null, long? offset = null)
    : StreamingException(
        offset is { } first
            ? string.Create(
                CultureInfo.InvariantCulture, $"Checkpoint '{place}' is corrupt from byte {first} on: {finding}")
            : $"Checkpoint '{place}' is corrupt: {finding}",
        cause)
{
    /// <summary>The first byte that is known to be concerned; null when the file is missing.</summary>
    [Id(0)]
    public long? Offset { get; } = offset;

    /// <summary>Whether a job was to go on from it: set by who was to build subtasks from it.</summary>
    [Id(1)]
    internal bool IsOfRestore { get; set; }

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.Fail;
}
