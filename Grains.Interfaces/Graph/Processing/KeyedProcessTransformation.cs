using Millrace.Functions;

namespace Millrace.Graph.Processing;

/// <summary>A process function with state and timers by key.</summary>
internal sealed class KeyedProcessTransformation<TKey, TIn, TOut>(
    Transformation<TIn> input, Func<TIn, TKey> keySelector, KeyedProcessFunction<TKey, TIn, TOut> function)
    : Transformation<TOut>("KeyedProcess", input)
{
    public Transformation<TIn> Input { get; } = input;

    public Func<TIn, TKey> KeySelector { get; } = keySelector;

    public KeyedProcessFunction<TKey, TIn, TOut> Function { get; } = function;

    internal override string Kind => "KeyedProcess";

    internal override bool HasSideOutputs => true;

    internal override string? StateDescription => $"state and timers by {typeof(TKey)}";

    internal override IEnumerable<Type> RecordTypes => [typeof(TOut), typeof(TKey)];

    internal override void Accept(IOperatorFactory factory) => factory.KeyedProcess(this);
}
