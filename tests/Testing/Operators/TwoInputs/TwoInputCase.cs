using Millrace.Batches;
using Millrace.Operators.Connected;
using Millrace.State;

namespace Millrace.Operators.TwoInputs;

/// <summary>An operator with two inputs, keyed or one of them broadcast, with what it takes and must give.</summary>
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

    /// <summary>Whether every subtask gets every record of the second input.</summary>
    public bool IsRightBroadcast { get; init; }

    /// <summary>What is right for one interleaving, in any order, where that depends on it; null where it does not and
    /// <see cref="Expected"/> holds.</summary>
    public Func<IReadOnlyList<TwoInputStep<TLeft, TRight>>, IReadOnlyList<TOut>>? Model { get; init; }

    /// <summary>Whether the order of the results may be another one after a restore.</summary>
    public bool AnyOrder { get; init; }

    /// <summary>Whether nothing of the input may be kept once time is at its end.</summary>
    public bool LeavesNothing { get; init; }
}

/// <summary>What happened to an operator at one point of an interleaving.</summary>
/// <param name="Input">0: a record of the first input; 1: one of the second; 2: a watermark.</param>
/// <param name="Left">A record of the first input.</param>
/// <param name="Right">A record of the second input.</param>
/// <param name="Time">Time of the record, or the watermark.</param>
internal readonly record struct TwoInputStep<TLeft, TRight>(int Input, TLeft? Left, TRight? Right, long Time);
