using Millrace.Graph.Direct;

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

    internal override void AcceptDirect(IOperatorFactory factory, IDirectFunctions functions)
    {
        if (Fold is IDelegateFold<TKey, TIn, TAccumulator, TOut> fold)
        {
            fold.Accept(functions, new Direct(this, factory));
            return;
        }

        Accept(factory);
    }

    private sealed class Direct(
        KeyedFoldTransformation<TKey, TIn, TAccumulator, TOut, TFold> whole, IOperatorFactory factory)
        : IFoldVisitor<TKey, TIn, TAccumulator, TOut>
    {
        public void Visit<TDirect>(TDirect fold)
            where TDirect : IKeyedFold<TKey, TIn, TAccumulator, TOut>
        {
            var direct = new KeyedFoldTransformation<TKey, TIn, TAccumulator, TOut, TDirect>(
                whole._kind, whole.Input, whole.KeySelector, fold);
            direct.SetName(whole.Name);
            direct.Accept(factory);
        }
    }
}
