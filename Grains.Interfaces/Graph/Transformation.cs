using Millrace.Connectors;
using Millrace.EventTime;
using Millrace.Failures;
using Millrace.Graph.Direct;
using Millrace.Graph.Processing;

namespace Millrace.Graph;

/// <summary>
/// What the user asked for, one recorded intention each. Inert: it knows its inputs and its settings.
/// </summary>
public abstract class Transformation
{
    private protected Transformation(string name, IReadOnlyList<Transformation> inputs)
    {
        Name = name;
        Inputs = inputs;
    }

    /// <summary>Name for plans, logs and errors.</summary>
    public string Name { get; private set; }

    /// <summary>
    /// The stable name state is filed under, or null when the id follows from the position in the program.
    /// </summary>
    public string? Uid { get; private set; }

    /// <summary>Number of subtasks asked for, or null for the default of the environment.</summary>
    public int? Parallelism { get; private set; }

    /// <summary>Slot sharing group asked for, or null for that of the inputs.</summary>
    public string? SlotSharingGroup { get; private set; }

    /// <summary>Whether the operator may run in one subtask with its neighbours.</summary>
    public ChainingStrategy Chaining { get; private set; } = ChainingStrategy.Always;

    /// <summary>The transformations whose results this one takes.</summary>
    public IReadOnlyList<Transformation> Inputs { get; }

    /// <summary>Type of the records that come out; of those that go in for a sink.</summary>
    public abstract Type OutputType { get; }

    /// <summary>What kind of step it is, such as <c>Map</c>; part of the graph's fingerprint.</summary>
    internal abstract string Kind { get; }

    /// <summary>Whether an operator runs for it; partitionings and unions are properties of edges.</summary>
    internal virtual bool IsPhysical => true;

    /// <summary>Most subtasks that make sense, or null.</summary>
    internal virtual int? ParallelismLimit => null;

    /// <summary>
    /// How records find their subtask on the edges this stands for; null for everything but a partitioning.
    /// </summary>
    internal virtual PartitionerKind? EdgePartitioner => null;

    /// <summary>The key's type of a partitioning by key; else null.</summary>
    internal virtual Type? KeyType => null;

    /// <summary>Whether the operator emits to side outputs beside its main one.</summary>
    internal virtual bool HasSideOutputs => false;

    /// <summary>Side outputs that the operator itself emits to, such as that of late records.</summary>
    internal virtual IEnumerable<(string Id, Type Type)> OwnSideOutputs => [];

    /// <summary>The side output this stands for; null for everything else.</summary>
    internal virtual ISideOutput? SideOutput => null;

    /// <summary>Whether the source ends by itself; null for everything but a source.</summary>
    internal virtual Boundedness? SourceBoundedness => null;

    /// <summary>Whether it begins or ends the flow.</summary>
    internal virtual OperatorRole Role => OperatorRole.Inner;

    /// <summary>What is kept by key or operator, as part of the graph's fingerprint; null for nothing.</summary>
    internal virtual string? StateDescription => null;

    /// <summary>Every type that may have to be written as bytes.</summary>
    internal virtual IEnumerable<Type> RecordTypes => [OutputType];

    /// <summary>Types that state is found by and that the program names: each must be one that may be a
    /// key.</summary>
    internal virtual IEnumerable<Type> StateKeyTypes => [];

    /// <summary>Which group of sources it is to keep pace with though it is none that could, or null.</summary>
    internal virtual WatermarkAlignment? Alignment => null;

    /// <summary>Whether its records carry timestamps.</summary>
    /// <param name="inputs">Whether records of an input do.</param>
    internal virtual bool GivesTimestamps(bool inputs) => inputs;

    /// <summary>Makes sure that the operator can work with what comes in.</summary>
    /// <param name="node">The operator in its graph, with its inputs.</param>
    /// <exception cref="InvalidProgramGraphException">It cannot; the message says what it needs.</exception>
    internal virtual void RequireInputs(StreamNode node)
    {
    }

    internal abstract void Accept(IOperatorFactory factory);

    /// <summary>The same, with functions of types of their own where the program hands in delegates.</summary>
    internal virtual void AcceptDirect(IOperatorFactory factory, IDirectFunctions functions) => Accept(factory);

    internal void SetName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    internal void SetUid(string uid)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(uid);
        RequirePhysical("a uid");
        Uid = uid;
    }

    internal void SetParallelism(int parallelism)
    {
        RequirePhysical("a parallelism");
        if (parallelism < 1)
        {
            throw new InvalidProgramGraphException(
                $"'{Name}' cannot run with parallelism {parallelism}: at least 1 is needed.");
        }

        if (ParallelismLimit is int limit && parallelism > limit)
        {
            throw new InvalidProgramGraphException(
                $"'{Name}' cannot run with parallelism {parallelism}: at most {limit} is possible.");
        }

        Parallelism = parallelism;
    }

    internal void SetSlotSharingGroup(string group)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        RequirePhysical("a slot sharing group");
        SlotSharingGroup = group;
    }

    internal void SetChaining(ChainingStrategy chaining)
    {
        RequirePhysical("a chaining strategy");
        Chaining = chaining;
    }

    private void RequirePhysical(string setting)
    {
        if (!IsPhysical)
        {
            throw new InvalidProgramGraphException(
                $"'{Name}' is a property of an edge and cannot have {setting}: " +
                "set it on the operator before or after it.");
        }
    }
}

/// <summary>A transformation with the type of the records that come out.</summary>
public abstract class Transformation<T> : Transformation
{
    private protected Transformation(string name, params IReadOnlyList<Transformation> inputs)
        : base(name, inputs)
    {
    }

    /// <inheritdoc/>
    public override Type OutputType => typeof(T);
}
