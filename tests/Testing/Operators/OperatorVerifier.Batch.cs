using Millrace.DataStream;
using Millrace.Harnesses;
using Millrace.Operators.Batch;
using Millrace.Operators.Connected;

namespace Millrace.Operators;

public static partial class OperatorVerifier
{
    /// <summary>Runs one operator of a program in every way a loop may run it in batch mode: over the whole input,
    /// which comes sorted by key where there are keys, in batches and pieces of any size, with an output that has no
    /// room every now and then, with memory to sort in that is enough, and that is not, and with time that comes to its
    /// end when the input does. Behind a sort there are no snapshots, as batch mode takes none: instead it is canceled
    /// after every number of calls, and nothing may be left of it then. What comes out must be the same each
    /// time.</summary>
    /// <remarks>Functions that answer later than at once have no loop to do so here.</remarks>
    /// <param name="define">The operator as a program would define it, with its key before it if it has one. Called for
    /// each operator: it makes a new function object each time.</param>
    /// <param name="input">Records with their times, in milliseconds since 1970-01-01 UTC.</param>
    /// <param name="expected">What comes out, in any order.</param>
    /// <typeparam name="TIn">The type of the records that come in.</typeparam>
    /// <typeparam name="TOut">The type of the records that go on.</typeparam>
    /// <exception cref="OperatorContractException">It gives something else, comes to no end, or leaves something
    /// behind; the message says in which of these ways it was run.</exception>
    public static void VerifyBatch<TIn, TOut>(
        Func<DataStream<TIn>, DataStream<TOut>> define,
        IReadOnlyList<(TIn Record, long Timestamp)> input,
        IReadOnlyList<TOut> expected)
    {
        ArgumentNullException.ThrowIfNull(define);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(expected);
        var program = new BatchProgram<TOut>(
            environment => define(FunctionHarness.Input<TIn>(environment)), inputs: 1);
        BatchVerifier.Verify(new BatchCase<TOut>(
            program.Create,
            (step, dealer) => new OneBatchInput<TIn>((StreamOperator<TIn>)step, input, dealer),
            expected));
    }

    /// <summary>As <see cref="VerifyBatch{TIn, TOut}"/>, of an operator behind two streams. A broadcast one comes
    /// before the other.</summary>
    /// <param name="define">The operator as a program would define it, with keys and a broadcast before it if it has
    /// them. Called for each operator: it makes a new function object each time.</param>
    /// <param name="left">Records of the first stream with their times, in milliseconds since 1970-01-01 UTC.</param>
    /// <param name="right">Records of the second stream with their times.</param>
    /// <param name="expected">What comes out, in any order.</param>
    /// <typeparam name="TLeft">The type of the records of the first stream.</typeparam>
    /// <typeparam name="TRight">The type of the records of the second stream.</typeparam>
    /// <typeparam name="TOut">The type of the records that go on.</typeparam>
    /// <exception cref="OperatorContractException">It gives something else, comes to no end, or leaves something
    /// behind; the message says in which of these ways it was run.</exception>
    public static void VerifyBatch<TLeft, TRight, TOut>(
        Func<DataStream<TLeft>, DataStream<TRight>, DataStream<TOut>> define,
        IReadOnlyList<(TLeft Record, long Timestamp)> left,
        IReadOnlyList<(TRight Record, long Timestamp)> right,
        IReadOnlyList<TOut> expected)
    {
        ArgumentNullException.ThrowIfNull(define);
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        ArgumentNullException.ThrowIfNull(expected);
        var program = new BatchProgram<TOut>(
            environment => define(
                FunctionHarness.Input<TLeft>(environment), FunctionHarness.Input<TRight>(environment)),
            inputs: 2);
        BatchVerifier.Verify(new BatchCase<TOut>(
            program.Create,
            (step, dealer) => new TwoBatchInputs<TLeft, TRight>(
                (TwoInputOperator<TLeft, TRight>)step, left, right, program.BroadcastInput, dealer),
            expected));
    }
}
