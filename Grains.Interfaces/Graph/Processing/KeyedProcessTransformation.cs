using Millrace.Functions;

namespace Millrace.Graph.Processing;

/// <summary>A function with state and timers by key.</summary>
/// <param name="input">Whose records.</param>
/// <param name="keySelector">Takes the key out of a record.</param>
/// <param name="function">What is done to them.</param>
/// <param name="kind">What kind of step it is, and its name until it gets another one.</param>
internal sealed class KeyedProcessTransformation<TKey, TIn, TOut>(
    Transformation<TIn> input,
    Func<TIn, TKey> keySelector,
    KeyedProcessFunction<TKey, TIn, TOut> function,
    string kind = "KeyedProcess")
    : Transformation<TOut>(kind, input)
{
    private readonly string _kind = kind;

    public Transformation<TIn> Input { get; } = input;

    public Func<TIn, TKey> KeySelector { get; } = keySelector;

    public KeyedProcessFunction<TKey, TIn, TOut> Function { get; } = function;

    /// <summary>Whether a program may take side outputs of it.</summary>
    public bool MayHaveSideOutputs { get; init; } = true;

    internal override string Kind => _kind;

    internal override bool HasSideOutputs => MayHaveSideOutputs;

    internal override string? StateDescription => $"state and timers by {typeof(TKey)}";

    internal override IEnumerable<Type> RecordTypes => [typeof(TOut), typeof(TKey)];

    internal override void Accept(IOperatorFactory factory) => factory.KeyedProcess(this);
}
