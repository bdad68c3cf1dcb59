using Millrace.Connectors;
using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Operators;
using Millrace.Serialization;
using Millrace.State;

namespace Millrace.Harnesses;

/// <summary>What an operator in a harness is made from.</summary>
/// <param name="Name">The operator's name.</param>
/// <param name="Settings">Which subtask it is.</param>
/// <param name="Serializers">Of the program.</param>
/// <param name="Loop">Its loop.</param>
/// <param name="Output">Its main output.</param>
/// <param name="Sides">Its side outputs.</param>
internal sealed record HarnessParts<TOut>(
    string Name,
    HarnessSettings Settings,
    SerializerSet Serializers,
    TestLoop Loop,
    TestOutput<TOut> Output,
    HarnessSideOutputs Sides)
{
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
        Operator = Name,
        KeyGroups = Settings.MaxParallelism,
        JobArguments = Settings.Arguments,
    };

    /// <summary>The parts of an operator of a program.</summary>
    public static HarnessParts<TOut> Of(
        StreamExecutionEnvironment environment, StreamNode node, HarnessSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.MaxParallelism);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.MaxParallelism, KeyGroupAssignment.MaxKeyGroups);
        string name = node.Transformation.Name;
        return new HarnessParts<TOut>(
            name,
            settings,
            new SerializerSet(environment.Serializers),
            new TestLoop(),
            new TestOutput<TOut>(1, _ => true, hasTimestamps: true),
            new HarnessSideOutputs(name));
    }
}
