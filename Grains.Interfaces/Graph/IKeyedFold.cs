namespace Millrace.Graph;

/// <summary>
/// Folds the records of one key into an accumulator. Implemented by structs, so that the loop over a batch inlines it.
/// </summary>
internal interface IKeyedFold<TKey, TIn, TAccumulator, TOut>
{
    /// <summary>What is kept, for the graph's fingerprint.</summary>
    string Description { get; }

    /// <summary>The accumulator after the key's first record.</summary>
    TAccumulator First(in TIn value);

    /// <summary>Takes a further record.</summary>
    void Add(ref TAccumulator accumulator, in TIn value);

    /// <summary>The result for the key.</summary>
    TOut Result(in TKey key, in TAccumulator accumulator);
}
