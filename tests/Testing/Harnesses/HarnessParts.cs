using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Operators;
using Millrace.Operators.Sorting;
using Millrace.Serialization;
using Millrace.State;
using Millrace.Tasks.Sorting;

namespace Millrace.Harnesses;

/// <summary>What an operator in a harness is made from.</summary>
/// <param name="Node">The operator in the plan.</param>
/// <param name="Settings">Which subtask it is.</param>
/// <param name="Serializers">Of the program.</param>
/// <param name="Loop">Its loop.</param>
/// <param name="Clock">Of the loop's rounds.</param>
/// <param name="Output">Its main output.</param>
/// <param name="Sides">Its side outputs.</param>
internal sealed record HarnessParts<TOut>(
    StreamNode Node,
    HarnessSettings Settings,
    SerializerSet Serializers,
    ISubtaskLoop Loop,
    RoundClock Clock,
    TestOutput<TOut> Output,
    HarnessSideOutputs Sides)
{
    /// <summary>The operator's name.</summary>
    public string Name => Node.Transformation.Name;

    /// <summary>What its input is sorted with, in batch mode; else null.</summary>
    public SortSupplies? Sorts { get; init; }

    /// <summary>Puts its input in the order of its keys, in batch mode.</summary>
    public KeyOrder Order => new(Sorts, new SortTools(Loop, Clock, new ChainFailure()), Node);

    /// <summary>The key groups of the subtask, where the settings do not say so; else null.</summary>
    public KeyGroupRange? Range { get; init; }

    /// <summary>What state by key is made from.</summary>
    public KeyedStateSettings State => new(
        Name,
        Serializers,
        Settings.MaxParallelism,
        Range ?? KeyGroupAssignment.RangeOf(Settings.MaxParallelism, Settings.Parallelism, Settings.Subtask),
        Loop.Time);

    /// <summary>What functions see of the subtask.</summary>
    public TestRuntimeContext Context { get; } = new(Settings.Subtask, Settings.Parallelism, Loop.Time)
    {
        Operator = Node.Transformation.Name,
        KeyGroups = Settings.MaxParallelism,
        JobArguments = Settings.Arguments,
    };

    /// <summary>The parts of an operator of a program.</summary>
    public static HarnessParts<TOut> Of(
        StreamExecutionEnvironment environment,
        StreamNode node,
        HarnessSettings settings,
        ISubtaskLoop loop,
        RoundClock clock)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.MaxParallelism);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.MaxParallelism, KeyGroupAssignment.MaxKeyGroups);
        return new HarnessParts<TOut>(
            node,
            settings,
            new SerializerSet(environment.Serializers),
            loop,
            clock,
            new TestOutput<TOut>(1, _ => true, hasTimestamps: true),
            new HarnessSideOutputs(node.Transformation.Name));
    }
}
