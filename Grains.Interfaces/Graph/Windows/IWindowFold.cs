using Millrace.Functions;

namespace Millrace.Graph.Windows;

/// <summary>
/// Folds the records of a window into an accumulator. Implemented by structs, so that the loop over a batch inlines it.
/// </summary>
internal interface IWindowFold<TIn, TAccumulator>
{
    /// <summary>What is kept, for the graph's fingerprint.</summary>
    string Description { get; }

    /// <summary>Whether what is merged or taken as a result may change afterwards, or be changed: it is to be copied
    /// where it is used again.</summary>
    bool MayChange { get; }

    /// <summary>Whether <see cref="Subtract"/> undoes <see cref="Merge"/>.</summary>
    bool CanSubtract { get; }

    /// <summary>The accumulator after the first record.</summary>
    TAccumulator First(in TIn value);

    /// <summary>Takes a further record.</summary>
    void Add(ref TAccumulator accumulator, in TIn value);

    /// <summary>Takes what was folded elsewhere, from later records.</summary>
    void Merge(ref TAccumulator accumulator, in TAccumulator other);

    /// <summary>Takes back what was merged.</summary>
    void Subtract(ref TAccumulator accumulator, in TAccumulator other);

    /// <summary>Opens the user's function inside, if it wants to be.</summary>
    void Open(RuntimeContext context);

    /// <summary>Tells it that a snapshot is about to be taken, if it wants to know.</summary>
    void PrepareSnapshot();

    /// <summary>Closes it.</summary>
    void Close();
}
