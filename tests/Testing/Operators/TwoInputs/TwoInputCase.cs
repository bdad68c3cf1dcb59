using Millrace.Batches;
using Millrace.Operators.Connected;
using Millrace.State;

namespace Millrace.Operators.TwoInputs;

/// <summary>An operator with two keyed inputs, with what it takes and must give.</summary>
/// <param name="Create">Makes a fresh operator for a range of key groups.</param>
/// <param name="Left">Records of the first input with their times, in the order in which they come.</param>
/// <param name="Right">Records of the second input with their times, in the order in which they come.</param>
/// <param name="LeftHash">Hash of a left record's key.</param>
/// <param name="RightHash">Hash of a right record's key.</param>
/// <param name="Expected">What it must give, in any order.</param>
internal sealed record TwoInputCase<TLeft, TRight, TOut>(
    Func<Output<TOut>, KeyGroupRange, TwoInputOperator<TLeft, TRight>> Create,
    IReadOnlyList<(TLeft Value, long Time)> Left,
    IReadOnlyList<(TRight Value, long Time)> Right,
    Func<TLeft, ulong> LeftHash,
    Func<TRight, ulong> RightHash,
    IReadOnlyList<TOut> Expected)
{
    /// <summary>The time a result must have, or null when that is not checked.</summary>
    public Func<TOut, long>? TimeOf { get; init; }

    /// <summary>Whether nothing of the input may be kept once time is at its end.</summary>
    public bool LeavesNothing { get; init; }
}

/// <summary>What becomes of an operator between two steps.</summary>
internal enum Restarts
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is saved, discarded and restored after each step.</summary>
    EachStep,

    /// <summary>After each step it is saved and restored with another parallelism: 1, 3, 2 and so on.</summary>
    Rescaled,
}
