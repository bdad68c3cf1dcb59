using System.Net;
using Millrace.Graph;
using Millrace.Network.Blocking;

namespace Millrace.Network;

/// <summary>One edge of the job graph as one producing subtask sees it.</summary>
internal sealed record OutputSpec
{
    /// <summary>The operator that writes, for errors.</summary>
    public required string Name { get; init; }

    /// <summary>The operator that reads, for errors of functions that choose the target; null where nobody
    /// asks.</summary>
    public string? Consumer { get; init; }

    /// <summary>Zero-based index of the edge in the job graph.</summary>
    public required int Edge { get; init; }

    /// <summary>How records find their target.</summary>
    public required PartitionerKind Partitioner { get; init; }

    /// <summary>The subtasks this one sends to, in their order: all of the consumer's, or with
    /// <see cref="PartitionerKind.Forward"/> and <see cref="PartitionerKind.Rescale"/> its own part of them.</summary>
    public required IReadOnlyList<OutputTarget> Targets { get; init; }

    /// <summary>Zero-based index of the producing subtask.</summary>
    public required int Subtask { get; init; }

    /// <summary>Number of key groups of the consumer.</summary>
    public required int MaxParallelism { get; init; }

    /// <summary>Whether the edge carries timestamps.</summary>
    public bool HasTimestamps { get; init; }

    /// <summary>The partition it writes; null when its targets run at the same time.</summary>
    public BlockingOutput? Blocking { get; init; }

    /// <summary>Records per batch, or null for as many as fit the budget.</summary>
    public int? BatchSize { get; init; }
}

/// <summary>One subtask an output sends to.</summary>
/// <param name="Channel">The same at both ends.</param>
/// <param name="Remote">Where the exchange of its silo listens; null when it runs on this silo.</param>
internal readonly record struct OutputTarget(ChannelId Channel, EndPoint? Remote);
