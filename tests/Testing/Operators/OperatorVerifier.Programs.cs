using Millrace.DataStream;

namespace Millrace.Operators;

public static partial class OperatorVerifier
{
    /// <summary>Runs one operator of a program in every way a loop may run it: all at once, one by one and in odd
    /// pieces, with an output that has no room every now and then, with watermarks at random places, with a snapshot
    /// after each call that a fresh operator goes on from, with one that is written some calls later, and, where there
    /// are keys, divided over another number of subtasks after each call. What comes out must be the same each
    /// time.</summary>
    /// <remarks>No record is late. Functions that answer later than at once have no loop to do so here.</remarks>
    /// <param name="define">The operator as a program would define it, with its key before it if it has one. Called for
    /// each operator: it makes a new function object each time.</param>
    /// <param name="input">Records with their times, in milliseconds since 1970-01-01 UTC.</param>
    /// <param name="expected">What comes out, in any order.</param>
    /// <typeparam name="TIn">The type of the records that come in.</typeparam>
    /// <typeparam name="TOut">The type of the records that go on.</typeparam>
    /// <exception cref="OperatorContractException">It gives something else, or comes to no end; the message says in
    /// which of these ways it was run.</exception>
    public static void Verify<TIn, TOut>(
        Func<DataStream<TIn>, DataStream<TOut>> define,
        IReadOnlyList<(TIn Record, long Timestamp)> input,
        IReadOnlyList<TOut> expected)
    {
        ArgumentNullException.ThrowIfNull(define);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(expected);
        var program = new VerifiedProgram<TIn, TOut>(define);
        VerifyAll(new OperatorCase<TIn, TOut>(
            output => program.Create(program.All, output),
            [.. input.Select(timed => timed.Record)],
            expected,
            [.. input.Select(timed => timed.Timestamp)],
            MakesTime: true,
            Restores: true,
            AnyOrder: true));
        if (program.KeyGroupOf is { } keyGroupOf)
        {
            using var rescaled = new RescaledRun<TIn, TOut>(program.Create, keyGroupOf, program.All.End);
            RequireSame(rescaled.Run(input, WatermarksOf(input)), expected);
        }
    }

    // Behind every third record as far as those that follow allow.
    private static long[] WatermarksOf<TIn>(IReadOnlyList<(TIn Record, long Timestamp)> input)
    {
        long[] watermarks = new long[input.Count];
        long least = long.MaxValue;
        for (int i = input.Count - 1; i >= 0; i--)
        {
            watermarks[i] = i % 3 == 2 && least != long.MaxValue ? least - 1 : Batches.RecordBatch.NoWatermark;
            least = Math.Min(least, input[i].Timestamp);
        }

        return watermarks;
    }

    private static void RequireSame<TOut>(List<TOut> results, IReadOnlyList<TOut> expected)
    {
        if (!OperatorRun<TOut, TOut>.SameInAnyOrder(results, expected))
        {
            throw new OperatorContractException(
                "rescaled after each call",
                $"it gave {string.Join(", ", results.Take(50))}; {string.Join(", ", expected.Take(50))} is right");
        }
    }
}
