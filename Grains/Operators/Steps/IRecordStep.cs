using Millrace.Functions;

namespace Millrace.Operators.Steps;

/// <summary>What is done to one record, with at most one result. Implemented by structs, so that several of them become
/// one loop over a batch and nothing is written down between them.</summary>
internal interface IRecordStep<TIn, TOut>
{
    /// <summary>Number of user functions inside.</summary>
    static abstract int Functions { get; }

    /// <summary>Handles one record.</summary>
    /// <param name="value">The record.</param>
    /// <param name="result">What becomes of it; means nothing when the record is dropped.</param>
    /// <param name="at">Set to the number of the function at work, for the case that it throws; left alone where there
    /// is one function only.</param>
    /// <param name="number">Number of the first function inside.</param>
    /// <returns>False when the record is dropped.</returns>
    bool Apply(in TIn value, out TOut result, ref int at, int number);

    /// <summary>Opens the functions, the last one first.</summary>
    /// <param name="contexts">One for each function, in their order.</param>
    /// <param name="at">Set to the number of the function being opened, for the case that it throws.</param>
    /// <param name="number">Number of the first function inside.</param>
    void Open(ReadOnlySpan<RuntimeContext> contexts, ref int at, int number);

    /// <summary>Tells the functions that want to know that a snapshot is about to be taken.</summary>
    void PrepareSnapshot();

    /// <summary>Closes the functions.</summary>
    void Close();
}
