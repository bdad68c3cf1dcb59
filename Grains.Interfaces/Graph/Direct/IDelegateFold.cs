namespace Millrace.Graph.Direct;

/// <summary>A fold that calls a delegate for each record, and can be had over a function of another type.</summary>
internal interface IDelegateFold<TKey, TIn, TAccumulator, TOut>
{
    /// <summary>Has a visitor take this fold, over the function that stands for the delegate.</summary>
    void Accept(IDirectFunctions functions, IFoldVisitor<TKey, TIn, TAccumulator, TOut> visitor);
}

/// <summary>Takes a fold with its type.</summary>
internal interface IFoldVisitor<TKey, TIn, TAccumulator, TOut>
{
    void Visit<TFold>(TFold fold)
        where TFold : IKeyedFold<TKey, TIn, TAccumulator, TOut>;
}
