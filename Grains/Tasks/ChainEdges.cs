using Millrace.Checkpointing;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Network;
using Millrace.Network.Blocking;
using Millrace.Tasks.Input;

namespace Millrace.Tasks;

/// <summary>The edges of a subtask: which stay inside its chain, and which channels the others have.</summary>
internal sealed class ChainEdges
{
    private readonly ChainEnvironment _environment;
    private readonly Dictionary<StreamEdge, JobEdge> _outside = [];
    private readonly Dictionary<int, StreamEdge> _byIndex = [];

    public ChainEdges(ChainEnvironment environment)
    {
        _environment = environment;
        Dictionary<OperatorId, VertexId> vertexOf = environment.Graph.Vertices
            .SelectMany(vertex => vertex.Operators.Select(step => (step.Id, Vertex: vertex.Id)))
            .ToDictionary(pair => pair.Id, pair => pair.Vertex);

        // In the order in which the plan was made: see JobGraphBuilder.
        int index = 0;
        foreach (StreamEdge edge in environment.Program.Nodes.SelectMany(node => node.Inputs))
        {
            if (vertexOf[edge.From.Id] != vertexOf[edge.To.Id])
            {
                _byIndex.Add(index, edge);
                _outside.Add(edge, environment.Graph.Edges[index++]);
            }
        }
    }

    /// <summary>Whether what is in flight on an edge may become a part of a checkpoint. Where each subtask has its own
    /// partner, or the user says which, records cannot go another way after a restart with other subtasks.</summary>
    public static bool MayBeOvertaken(PartitionerKind partitioner) => partitioner is
        PartitionerKind.Hash or PartitionerKind.Rebalance or PartitionerKind.Shuffle or PartitionerKind.Broadcast
        or PartitionerKind.Global;

    /// <summary>Whether both ends are in one chain.</summary>
    public bool IsInside(StreamEdge edge) => !_outside.ContainsKey(edge);

    /// <summary>The way out along an edge.</summary>
    public OutputSpec Output(StreamEdge edge)
    {
        JobEdge job = _outside[edge];
        SubtaskInfo me = _environment.Subtask;
        JobVertex consumer = _environment.Graph.Vertex(job.To);
        (int first, int count) = EdgeChannels.ConsumersOf(
            job.Partitioner, me.Attempt.Subtask, me.Vertex.Parallelism, consumer.Parallelism);
        bool isBlocking = job.Exchange == ExchangeKind.Blocking;
        return new OutputSpec
        {
            Name = edge.From.Transformation.Name,
            Consumer = edge.To.Transformation.Name,
            Edge = job.Index,
            Partitioner = job.Partitioner,
            Targets = [.. Enumerable.Range(first, count).Select(subtask => new OutputTarget(
                new ChannelId(job.Index, me.Attempt, _environment.Locations.AttemptOf(job.To, subtask)),
                isBlocking ? null : _environment.Locations.RemoteOf(job.To, subtask)))],
            Blocking = isBlocking
                ? new BlockingOutput(new PartitionId(job.Index, me.Attempt), me.Epoch, first)
                : null,
            Subtask = me.Attempt.Subtask,
            MaxParallelism = consumer.MaxParallelism,
            HasTimestamps = edge.To.InputHasTimestamps,
            BatchSize = _environment.Graph.Settings.BatchSize,
        };
    }

    /// <summary>What comes beside records on channels of the chain's head.</summary>
    public ChannelArrival ArrivalOf(IEnumerable<InputChannelSpec> channels) => new(
        [.. channels.Select(static channel => channel.Way)],
        _environment.Cut,
        holdsBack: _environment.Graph.Settings.Checkpoints is not { Mode: CheckpointMode.AtLeastOnce });

    /// <summary>The channels into the chain's head, over all edges that lead to one of its inputs.</summary>
    public InputGateSpec Gate(int input)
    {
        SubtaskInfo me = _environment.Subtask;
        List<InputChannelSpec> channels = [];
        foreach (JobEdge edge in _environment.Graph.Edges)
        {
            if (edge.To != me.Vertex.Id || edge.Input != input)
            {
                continue;
            }

            JobVertex producer = _environment.Graph.Vertex(edge.From);
            (int first, int count) = EdgeChannels.ProducersOf(
                edge.Partitioner, me.Attempt.Subtask, producer.Parallelism, me.Vertex.Parallelism);
            ChannelWay way = new(
                _byIndex[edge.Index].Name, producer.Parallelism, MayBeOvertaken(edge.Partitioner));
            for (int subtask = first; subtask < first + count; subtask++)
            {
                ExecutionAttemptId attempt = _environment.Locations.AttemptOf(edge.From, subtask);
                bool remote = _environment.Locations.RemoteOf(edge.From, subtask) is not null;
                channels.Add(new InputChannelSpec(
                    new ChannelId(edge.Index, attempt, me.Attempt),
                    remote,
                    edge.Exchange == ExchangeKind.Blocking,
                    way));
            }
        }

        StreamNode head = _environment.Program.Node(_environment.Vertex.Operators[0].Id);
        return new InputGateSpec(
            me.Name, channels, head.InputHasTimestamps, _environment.Graph.Settings.BatchSize);
    }
}
