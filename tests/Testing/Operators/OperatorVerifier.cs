using Millrace.Batches;

namespace Millrace.Operators;

/// <summary>Runs an operator over the same input in every way a loop may run it.</summary>
internal static class OperatorVerifier
{
    private static readonly int[] BatchSizes = [1, 3, 7, 1_024];

    private static readonly int[] OutputSizes = [1, 2, 1_024];

    private static readonly Func<int, bool>[] Rooms = [_ => true, asked => asked % 2 == 1, asked => asked % 5 == 4];

    /// <summary>All at once, one by one, with an output that refuses every other question, and in odd pieces; with
    /// timestamps and without, with watermarks at random places: the output must be the same each time, each result has
    /// the timestamp of the record it comes from, time never goes back and is never early, and calls come to an
    /// end.</summary>
    /// <param name="create">Makes a fresh operator.</param>
    /// <param name="input">What it takes.</param>
    /// <param name="expected">What it must give, in order.</param>
    /// <param name="makesTime">Whether it makes timestamps and watermarks of its own, whatever comes in.</param>
    /// <exception cref="OperatorContractException">It does not keep its contract.</exception>
    public static void Verify<TIn, TOut>(
        Func<Output<TOut>, StreamOperator<TIn>> create,
        IReadOnlyList<TIn> input,
        IReadOnlyList<TOut> expected,
        bool makesTime = false)
    {
        if (!makesTime)
        {
            VerifyAll(new OperatorCase<TIn, TOut>(create, input, expected, Timestamps: null, makesTime));
        }

        // Out of order by some places, so that a result that takes its neighbour's timestamp is seen.
        var random = new Random(input.Count);
        long[] timestamps = [.. input.Select((_, i) => (i * 10L) + random.Next(35))];
        VerifyAll(new OperatorCase<TIn, TOut>(create, input, expected, timestamps, makesTime));
    }

    private static void VerifyAll<TIn, TOut>(OperatorCase<TIn, TOut> given)
    {
        // One record at a time shows which record a result comes from.
        var oneByOne = new OperatorRun<TIn, TOut>(given, batchSize: 1, outputSize: 1, _ => true);
        oneByOne.Verify();
        foreach (int batch in BatchSizes)
        {
            foreach (int outputBatch in OutputSizes)
            {
                foreach (Func<int, bool> room in Rooms)
                {
                    var run = new OperatorRun<TIn, TOut>(given, batch, outputBatch, room);
                    run.Verify();
                    run.VerifySameTimestamps(oneByOne);
                }
            }
        }
    }
}

/// <summary>An operator with what it takes and must give.</summary>
/// <param name="Create">Makes a fresh operator.</param>
/// <param name="Input">What it takes.</param>
/// <param name="Expected">What it must give, in order.</param>
/// <param name="Timestamps">Of the records of the input; null for edges without.</param>
/// <param name="MakesTime">Whether it makes timestamps and watermarks of its own.</param>
internal sealed record OperatorCase<TIn, TOut>(
    Func<Output<TOut>, StreamOperator<TIn>> Create,
    IReadOnlyList<TIn> Input,
    IReadOnlyList<TOut> Expected,
    long[]? Timestamps,
    bool MakesTime);
