namespace Millrace.Operators.Sorting;

/// <summary>An operator that keeps little for each key, whatever comes of it: while the memory allows it takes records
/// of any key as they come. Only those of further keys are sorted, and come when it has ended what it keeps. On its
/// loop.</summary>
internal interface IKeyKeeper<TKey>
{
    /// <summary>About the bytes of all it keeps.</summary>
    long KeptBytes { get; }

    /// <summary>Whether it keeps something for a key.</summary>
    bool Keeps(in TKey key, ulong hash);
}
