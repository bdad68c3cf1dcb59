using System.Collections.Immutable;
using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Failures;
using Millrace.Jobs;

namespace Millrace.Graph;

/// <summary>Turns a stream graph into the plan: chains, resolved settings, edges.</summary>
internal sealed class JobGraphBuilder
{
    private readonly StreamGraph _graph;
    private readonly ResolvedNodes _resolved;
    private readonly ExchangeKind _exchange;
    private readonly Dictionary<StreamNode, StreamNode> _heads = [];

    private JobGraphBuilder(StreamGraph graph, int defaultParallelism)
    {
        _graph = graph;
        _exchange = ExchangeOf(graph);
        _resolved = new ResolvedNodes(graph, defaultParallelism);
        foreach (StreamNode node in graph.Nodes)
        {
            StreamEdge? joined = node.Inputs.Find(edge =>
                OperatorChaining.Joins(edge, _resolved, graph.Environment.ChainingEnabled));
            _heads[node] = joined is null ? node : _heads[joined.From];
        }
    }

    /// <summary>Builds the plan.</summary>
    /// <param name="graph">What the program defines.</param>
    /// <param name="name">The job's name, when the program gives none.</param>
    /// <param name="defaultParallelism">From 1.</param>
    /// <param name="elements">Bytes of the records given in the program, by operator.</param>
    public static JobGraph Build(
        StreamGraph graph, string name, int defaultParallelism, ImmutableDictionary<OperatorId, byte[]> elements)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(defaultParallelism);
        var builder = new JobGraphBuilder(graph, defaultParallelism);
        StreamExecutionEnvironment environment = graph.Environment;
        return new JobGraph(
            environment.JobName ?? name,
            new JobSettings(
                ModeOf(graph),
                environment.BufferTimeout,
                environment.BatchSize,
                environment.CopiesOnEmit,
                Environment.CurrentDirectory,
                environment.AutoWatermarkInterval,
                ModeOf(graph) == RuntimeMode.Streaming ? environment.Checkpoints : null,
                environment.RestartStrategy,
                environment.Restore,
                environment.StateBackend),
            builder.Vertices(),
            builder.Edges(),
            GraphShape.Of(graph),
            elements,
            builder.Warnings());
    }

    private static RuntimeMode ModeOf(StreamGraph graph)
    {
        StreamNode? endless = graph.Nodes.FirstOrDefault(static node =>
            node.Transformation.SourceBoundedness == Boundedness.Continuous);
        return graph.Environment.RuntimeMode switch
        {
            RuntimeMode.Automatic => endless is null ? RuntimeMode.Batch : RuntimeMode.Streaming,
            RuntimeMode.Batch when endless is not null => throw new InvalidProgramGraphException(
                $"'{endless.Transformation.Name}' never ends, and batch mode gives results at the end: make the " +
                $"source bounded, or set the runtime mode to {RuntimeMode.Streaming} or {RuntimeMode.Automatic}."),
            RuntimeMode asked => asked,
        };
    }

    // An input that waits for another one to end would stop its producer, which may feed both: where there is one,
    // producers end before their consumers begin, whatever the program asks for.
    private static ExchangeKind ExchangeOf(StreamGraph graph) =>
        ModeOf(graph) == RuntimeMode.Streaming ? ExchangeKind.Pipelined
        : graph.Nodes.Any(static node => node.BroadcastInput is not null) ? ExchangeKind.Blocking
        : graph.Environment.BatchExchange;

    private ImmutableArray<JobVertex> Vertices()
    {
        // A vertex is placed where its last operator's inputs are all placed: by the head's position, which is right
        // because every input of a head was defined before it.
        return [.. _graph.Nodes
            .GroupBy(node => _heads[node])
            .OrderBy(chain => chain.Key.Index)
            .Select(chain => Vertex(chain.Key, [.. chain]))];
    }

    private JobVertex Vertex(StreamNode head, StreamNode[] chain) => new(
        new VertexId(head.Id.Value),
        ChainName(head),
        _resolved.ParallelismOf(head),
        _graph.Environment.MaxParallelism,
        _resolved.SlotSharingGroupOf(head),
        [.. chain.Select(Operator)]);

    private static JobOperator Operator(StreamNode node) => new(
        node.Id,
        node.Transformation.Name,
        node.Transformation.Kind,
        node.Transformation.Uid,
        TypeName.Of(node.Transformation.OutputType),
        node.Transformation.Role)
    {
        Inputs = node.Inputs
            .Select(static edge => new JobOperatorInput(edge.Input, edge.Name, edge.Partitioning))
            .ToArray(),
    };

    // "Source: Files -> (Map -> Sink: A, Filter)": branches in brackets.
    private string ChainName(StreamNode node)
    {
        string[] next = [.. node.Outputs
            .Where(edge => _heads[edge.To] == _heads[node])
            .Select(edge => ChainName(edge.To))];
        return next.Length switch
        {
            0 => node.Transformation.Name,
            1 => $"{node.Transformation.Name} -> {next[0]}",
            _ => $"{node.Transformation.Name} -> ({string.Join(", ", next)})",
        };
    }

    private ImmutableArray<JobEdge> Edges()
    {
        ImmutableArray<JobEdge>.Builder edges = ImmutableArray.CreateBuilder<JobEdge>();
        foreach (StreamNode node in _graph.Nodes)
        {
            foreach (StreamEdge edge in node.Inputs)
            {
                if (_heads[edge.To] == _heads[edge.From])
                {
                    continue;
                }

                edges.Add(new JobEdge(
                    edges.Count,
                    new VertexId(_heads[edge.From].Id.Value),
                    edge.From.Id,
                    new VertexId(edge.To.Id.Value),
                    edge.Input,
                    edge.PartitionerFor(_resolved.ParallelismOf(edge.From), _resolved.ParallelismOf(edge.To)),
                    _exchange));
            }
        }

        return edges.ToImmutable();
    }

    private ImmutableArray<string> Warnings() =>
    [
        .. _graph.Nodes
            .Where(node => node.Transformation is { StateDescription: not null, Uid: null })
            .Select(node =>
                $"'{node.Transformation.Name}' keeps state but has no uid: after a change before it in the program, " +
                "its state would not be found again. Give it one with .WithUid(\"...\")."),
    ];
}
