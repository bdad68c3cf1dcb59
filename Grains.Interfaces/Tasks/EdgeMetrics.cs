using System.Collections.Immutable;

namespace Millrace.Tasks;

/// <summary>One edge of the job graph as one of its subtasks sees it.</summary>
/// <param name="Edge">Zero-based index of the edge in the job graph.</param>
/// <param name="End">Which end of the edge the subtask is.</param>
/// <param name="Total">Over all channels.</param>
/// <param name="Channels">One for each subtask at the other end, in their order; empty when only the total was asked
/// for.</param>
[GenerateSerializer, Immutable, Alias("millrace.EdgeMetrics")]
public sealed record EdgeMetrics(
    [property: Id(0)] int Edge,
    [property: Id(1)] EdgeEnd End,
    [property: Id(2)] FlowMetrics Total,
    [property: Id(3)] ImmutableArray<ChannelMetrics> Channels);

/// <summary>One end of an edge.</summary>
public enum EdgeEnd
{
    /// <summary>Records go out.</summary>
    Output,

    /// <summary>Records come in.</summary>
    Input,
}

/// <summary>One channel of an edge.</summary>
/// <param name="Peer">The attempt at the other end.</param>
/// <param name="IsRemote">Whether it runs on another silo.</param>
/// <param name="Flow">What has gone through.</param>
[GenerateSerializer, Immutable, Alias("millrace.ChannelMetrics")]
public sealed record ChannelMetrics(
    [property: Id(0)] ExecutionAttemptId Peer,
    [property: Id(1)] bool IsRemote,
    [property: Id(2)] FlowMetrics Flow);

/// <summary>What has gone through one end of an edge or a channel, and what waits there.</summary>
/// <param name="Records">Records.</param>
/// <param name="Batches">Batches, with empty ones that carry only a watermark.</param>
/// <param name="Bytes">Serialized bytes; within a silo nothing is serialized.</param>
/// <param name="Queued">Batches that wait; none at the output end of a channel to another silo, where bytes
/// do.</param>
/// <param name="QueuedBytes">Bytes that wait at the output end of a channel to another silo.</param>
[GenerateSerializer, Immutable, Alias("millrace.FlowMetrics")]
public readonly record struct FlowMetrics(
    [property: Id(0)] long Records,
    [property: Id(1)] long Batches,
    [property: Id(2)] long Bytes,
    [property: Id(3)] long Queued,
    [property: Id(4)] long QueuedBytes);
