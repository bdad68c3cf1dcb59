namespace Millrace.Graph;

/// <summary>A rolling aggregate per key.</summary>
internal sealed class KeyedFoldTransformation<TKey, TIn, TAccumulator, TOut, TFold>(
    string name, Transformation<TIn> input, Func<TIn, TKey> keySelector, TFold fold)
    : Transformation<TOut>(name, input)
    where TFold : IKeyedFold<TKey, TIn, TAccumulator, TOut>
{
    private readonly string _kind = name;

    public Transformation<TIn> Input { get; } = input;

    public Func<TIn, TKey> KeySelector { get; } = keySelector;

    public TFold Fold { get; } = fold;

    internal override string Kind => _kind;

    internal override string? StateDescription => $"{Fold.Description} by {typeof(TKey)} in {typeof(TAccumulator)}";

    internal override IEnumerable<Type> RecordTypes => [typeof(TOut), typeof(TKey), typeof(TAccumulator)];

    internal override void Accept(IOperatorFactory factory) => factory.KeyedFold(this);
}
