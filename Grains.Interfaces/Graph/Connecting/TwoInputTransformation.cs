using Millrace.Failures;
using Millrace.State;

namespace Millrace.Graph.Connecting;

/// <summary>An operator with two inputs, each with a type of its own. Both share their keys, if there are any, and
/// time: the lesser of both.</summary>
/// <param name="kind">What kind of step it is, and its name until it gets another one.</param>
/// <param name="left">Its first input.</param>
/// <param name="right">Its second input.</param>
/// <param name="build">Says which operator it is, to who builds it.</param>
internal sealed class TwoInputTransformation<TLeft, TRight, TOut>(
    string kind,
    Transformation<TLeft> left,
    Transformation<TRight> right,
    Action<ITwoInputFactory<TLeft, TRight, TOut>> build)
    : Transformation<TOut>(kind, left, right)
{
    private readonly string _kind = kind;

    /// <summary>What is kept; null for nothing.</summary>
    public string? State { get; init; }

    /// <summary>Types that may be written as bytes, beside those of the records.</summary>
    public IReadOnlyList<Type> StateTypes { get; init; } = [];

    /// <summary>State of which each subtask has a copy, from what an input says whose edges are broadcast.</summary>
    public IReadOnlyList<MapStateDescriptor> BroadcastStates { get; init; } = [];

    /// <summary>Whether a program may take side outputs of it.</summary>
    public bool MayHaveSideOutputs { get; init; }

    /// <summary>Side outputs of records that it puts aside itself; null where there is none.</summary>
    public IReadOnlyList<(string Id, Type Type)?> Asides { get; init; } = [];

    /// <summary>Whether it goes by the times of the records of both inputs.</summary>
    public bool NeedsTimestamps { get; init; }

    internal override string Kind => _kind;

    internal override bool HasSideOutputs => MayHaveSideOutputs;

    internal override IEnumerable<(string Id, Type Type)> OwnSideOutputs =>
        Asides.Where(aside => aside is not null).Select(aside => aside!.Value);

    internal override string? StateDescription => BroadcastStates.Count == 0
        ? State
        : string.Join(", ", [State ?? "nothing by key", .. BroadcastStates.Select(state => $"broadcast {state}")]);

    internal override IEnumerable<Type> RecordTypes =>
        [typeof(TOut), .. StateTypes, .. BroadcastStates.Select(state => state.ValueType)];

    internal override IEnumerable<Type> StateKeyTypes => BroadcastStates.Select(state => state.KeyType);

    internal override void Accept(IOperatorFactory factory) => factory.TwoInputs(this);

    /// <summary>Calls back with what the operator does.</summary>
    internal void Accept(ITwoInputFactory<TLeft, TRight, TOut> factory) => build(factory);

    internal override void RequireInputs(StreamNode node)
    {
        for (int input = 0; NeedsTimestamps && input < 2; input++)
        {
            if (!node.HasTimestampsAt(input))
            {
                string from = string.Join(", ", node.Inputs
                    .Where(edge => edge.Input == input)
                    .Select(edge => $"'{edge.From.Transformation.Name}'"));
                throw new InvalidProgramGraphException(
                    $"'{Name}' goes by event time, but records of its {(input == 0 ? "left" : "right")} input, from " +
                    $"{from}, have no timestamps: give them some with .AssignTimestampsAndWatermarks(...) or a " +
                    "strategy at the source.");
            }
        }
    }
}
