namespace Millrace.Operators.Batch;

/// <summary>Runs an operator in every way a loop may run it in batch mode.</summary>
internal static class BatchVerifier
{
    // Canceled at more places than these, in steps.
    private const int MostCanceled = 150;

    private static readonly int[] BatchSizes = [1, 7, 1_024];

    private static readonly int[] OutputSizes = [1, 2, 1_024];

    // Room in no step with who asks: an operator may ask the same number of times in each call. And for some questions
    // in a row, as a loop asks, and then the operator: where no two ever get the same answer, nobody gets anywhere.
    private static readonly Func<int, bool>[] Rooms =
        [_ => true, OperatorVerifier.IsOddHash, asked => OperatorVerifier.IsOddHash(asked / 3)];

    // A run for each record, runs of some records, and everything in memory.
    private static readonly int[] SortBytes = [1, 400, 1 << 24];

    // A round is over after a millisecond.
    private static readonly TimeSpan[] Readings = [TimeSpan.Zero, TimeSpan.FromMicroseconds(400)];

    /// <summary>In batches of any size that are offered in pieces of any size, with an output that has no room every
    /// now and then, with rounds that are soon over, with more and less memory to sort in, with work off the loop that
    /// ends some calls later; and canceled after every number of calls, so that nothing is left. An operator that takes
    /// no snapshots must refuse to be saved and restored, by its name.</summary>
    /// <exception cref="OperatorContractException">It does not keep its contract.</exception>
    public static void Verify<TOut>(BatchCase<TOut> given)
    {
        BatchWay[] ways = [.. Ways().Select((way, seed) => way with { Seed = seed })];
        new BatchRun<TOut>(given, ways[0]).VerifyRefusals();
        foreach (BatchWay way in ways)
        {
            new BatchRun<TOut>(given, way).Verify();
        }

        foreach (int bytes in SortBytes)
        {
            VerifyCanceled(
                given,
                new BatchWay(BatchSize: 7, OutputSize: 2, OperatorVerifier.IsOddHash, bytes, Readings[^1]));
        }
    }

    private static void VerifyCanceled<TOut>(BatchCase<TOut> given, BatchWay way)
    {
        int calls = new BatchRun<TOut>(given, way).Verify();
        int step = Math.Max(1, calls / MostCanceled);
        for (int after = 0; after < calls; after += step)
        {
            new BatchRun<TOut>(given, way with { CanceledAfter = after }).Verify();
        }
    }

    private static IEnumerable<BatchWay> Ways() =>
        from batch in BatchSizes
        from output in OutputSizes
        from room in Rooms
        from bytes in SortBytes
        from reading in Readings
        select new BatchWay(batch, output, room, bytes, reading);
}
