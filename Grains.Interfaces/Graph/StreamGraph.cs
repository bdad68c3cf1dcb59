using Millrace.DataStream;
using Millrace.EventTime;
using Millrace.Failures;
using Millrace.Graph.Processing;
using Millrace.Jobs;

namespace Millrace.Graph;

/// <summary>A program's operators and the edges between them, before chaining. Pure: no cluster is needed.</summary>
internal sealed class StreamGraph
{
    private readonly List<StreamNode> _nodes = [];
    private readonly Dictionary<Transformation, StreamNode> _byTransformation = [];
    private readonly OperatorIds _ids = new();

    private StreamGraph(StreamExecutionEnvironment environment) => Environment = environment;

    /// <summary>What the program was defined on.</summary>
    public StreamExecutionEnvironment Environment { get; }

    /// <summary>In the order of definition, so that inputs come before what uses them.</summary>
    public IReadOnlyList<StreamNode> Nodes => _nodes;

    /// <summary>Builds the graph of what was defined on an environment.</summary>
    /// <exception cref="InvalidProgramGraphException">Nothing was defined, or a uid is used twice.</exception>
    public static StreamGraph Of(StreamExecutionEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (environment.Transformations.Count == 0)
        {
            throw new InvalidProgramGraphException(
                "The program defines no stream: begin with env.FromSource(...) or env.FromElements(...).");
        }

        var graph = new StreamGraph(environment);
        foreach (Transformation transformation in environment.Transformations)
        {
            if (transformation.IsPhysical)
            {
                graph.AddNode(transformation);
            }
        }

        return graph;
    }

    /// <summary>The operator with an id.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public StreamNode Node(OperatorId id)
    {
        foreach (StreamNode node in _nodes)
        {
            if (node.Id == id)
            {
                return node;
            }
        }

        throw new KeyNotFoundException($"The program has no operator {id}.");
    }

    private void AddNode(Transformation transformation)
    {
        List<EdgeStart> inputs = [];
        List<int> numbers = [];
        for (int i = 0; i < transformation.Inputs.Count; i++)
        {
            Resolve(transformation.Inputs[i], null, null, inputs);
            numbers.AddRange(Enumerable.Repeat(i, inputs.Count - numbers.Count));
        }

        OperatorId id = _ids.IdOf(transformation, inputs.Zip(numbers, NameOf));
        var node = new StreamNode(transformation, id, _nodes.Count);
        foreach ((EdgeStart start, int input) in inputs.Zip(numbers))
        {
            var edge = new StreamEdge(start.From, node, input, start.Partition, start.Side);
            start.From.Outputs.Add(edge);
            node.Inputs.Add(edge);
        }

        node.HasTimestamps = transformation.GivesTimestamps(node.InputHasTimestamps);
        RefuseAlignment(transformation);
        transformation.RequireInputs(node);
        _nodes.Add(node);
        _byTransformation.Add(transformation, node);
    }

    private static string NameOf(EdgeStart start, int input) =>
        input == 0 ? start.From.Id.ToString() : $"{input}:{start.From.Id}";

    // Only what reads can wait. To ignore it would let a fast source fill memory that the program thinks is safe.
    private static void RefuseAlignment(Transformation transformation)
    {
        if (transformation.Alignment is WatermarkAlignment alignment)
        {
            throw new InvalidProgramGraphException(
                $"'{transformation.Name}' asks to keep within {alignment.MaxDrift} of group '{alignment.Group}', and " +
                "is no source that could wait. Give the strategy to FromSource(...), or leave out " +
                ".WithWatermarkAlignment(...).");
        }
    }

    // The partitioning nearest to the consumer decides: it would undo any before it.
    private void Resolve(
        Transformation input, Transformation? partition, ISideOutput? side, List<EdgeStart> inputs)
    {
        if (input.IsPhysical)
        {
            if (!_byTransformation.TryGetValue(input, out StreamNode? node))
            {
                throw new InvalidProgramGraphException(
                    $"'{input.Name}' belongs to another environment: streams of two environments cannot be combined.");
            }

            inputs.Add(new EdgeStart(node, partition, side));
            return;
        }

        Transformation? nearest = partition ?? (input.EdgePartitioner is null ? null : input);
        foreach (Transformation further in input.Inputs)
        {
            Resolve(further, nearest, side ?? input.SideOutput, inputs);
        }
    }

    private readonly record struct EdgeStart(StreamNode From, Transformation? Partition, ISideOutput? Side);
}

/// <summary>One operator of a stream graph.</summary>
internal sealed class StreamNode(Transformation transformation, OperatorId id, int index)
{
    public Transformation Transformation { get; } = transformation;

    public OperatorId Id { get; } = id;

    /// <summary>Zero-based position in the graph.</summary>
    public int Index { get; } = index;

    public List<StreamEdge> Inputs { get; } = [];

    public List<StreamEdge> Outputs { get; } = [];

    /// <summary>Whether its records carry timestamps.</summary>
    public bool HasTimestamps { get; set; }

    /// <summary>Whether records that come in carry timestamps: of several inputs it is enough that one has them, and
    /// the records of the others come without one.</summary>
    public bool InputHasTimestamps => Inputs.Exists(edge => edge.From.HasTimestamps);

    /// <summary>Whether records that come in at one input carry timestamps, those of one of its streams at
    /// least.</summary>
    public bool HasTimestampsAt(int input) => Inputs.Exists(edge => edge.Input == input && edge.From.HasTimestamps);

    /// <summary>Of two inputs the one that every subtask gets whole while it gets a part of the other one, or null: in
    /// batch mode it is read to its end before the other one.</summary>
    public int? BroadcastInput => (IsBroadcast(0), IsBroadcast(1)) switch
    {
        (true, false) when Inputs.Exists(static edge => edge.Input == 1) => 0,
        (false, true) => 1,
        _ => null,
    };

    /// <summary>For people: its name, and the uid where it has one.</summary>
    public override string ToString() => Id.Describe(Transformation.Name, Transformation.Uid);

    private bool IsBroadcast(int input) => Inputs.Exists(edge => edge.Input == input)
        && Inputs.TrueForAll(edge =>
            edge.Input != input || edge.Partition?.EdgePartitioner == PartitionerKind.Broadcast);
}

/// <summary>The way of records from one operator to another.</summary>
/// <param name="from">The producing operator.</param>
/// <param name="to">The consuming operator.</param>
/// <param name="input">Zero-based input of the consuming operator.</param>
/// <param name="partition">The partitioning the program asks for, or null for the natural one.</param>
/// <param name="side">The side output it begins at, or null for the main one.</param>
internal sealed class StreamEdge(
    StreamNode from, StreamNode to, int input, Transformation? partition, ISideOutput? side = null)
{
    public StreamNode From { get; } = from;

    public StreamNode To { get; } = to;

    public int Input { get; } = input;

    public Transformation? Partition { get; } = partition;

    public ISideOutput? Side { get; } = side;

    /// <summary>What it is called in checkpoints: the operator that writes, its side output's tag, and which it is of
    /// those that lead from there to the same input, unless it is the first.</summary>
    public string Name
    {
        get
        {
            string name = Side is null ? From.Id.ToString() : $"{From.Id}/{Side.TagId}";
            int before = To.Inputs.TakeWhile(one => one != this).Count(one =>
                one.From == From && one.Input == Input && one.Side?.TagId == Side?.TagId);
            return before == 0 ? name : $"{name}#{before}";
        }
    }

    /// <summary>How the program wants records to find their subtask, for people.</summary>
    public string Partitioning => Partition switch
    {
        null => "Natural",
        { KeyType: { } key } => $"{Partition.EdgePartitioner} by {TypeName.Of(key)}",
        _ => $"{Partition.EdgePartitioner}",
    };

    /// <summary>How records find their subtask, given the parallelism at both ends.</summary>
    /// <exception cref="InvalidProgramGraphException">Forward was asked for between different parallelisms.</exception>
    public PartitionerKind PartitionerFor(int fromParallelism, int toParallelism)
    {
        PartitionerKind? asked = Partition?.EdgePartitioner;
        if (asked == PartitionerKind.Forward && fromParallelism != toParallelism)
        {
            throw new InvalidProgramGraphException(
                $"Forward from '{From.Transformation.Name}' with parallelism {fromParallelism} to " +
                $"'{To.Transformation.Name}' with parallelism {toParallelism}: both must be the same.");
        }

        return asked ?? (fromParallelism == toParallelism ? PartitionerKind.Forward : PartitionerKind.Rebalance);
    }
}
