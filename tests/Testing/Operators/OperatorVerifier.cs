using Millrace.Batches;
using Millrace.State;

namespace Millrace.Operators;

/// <summary>Runs an operator over the same input in every way a loop may run it.</summary>
public static partial class OperatorVerifier
{
    private static readonly int[] BatchSizes = [1, 3, 7, 1_024];

    private static readonly int[] OutputSizes = [1, 2, 1_024];

    private static readonly Func<int, bool>[] Rooms = [_ => true, asked => asked % 2 == 1, asked => asked % 5 == 4];

    // A fresh operator asks as often as the one before: room is then given in no step with its questions.
    private static readonly Func<int, bool>[] RestoredRooms = [_ => true, IsOddHash];

    /// <summary>Room in no step with whoever asks: for about half of the questions.</summary>
    internal static bool IsOddHash(int asked) => ((uint)asked * 2_654_435_761 >> 13 & 1) != 0;

    /// <summary>All at once, one by one, with an output that refuses every other question, and in odd pieces; with
    /// timestamps and without, with watermarks at random places, with a snapshot after each call that a fresh operator
    /// goes on from, and with one that is written some calls later: the output must be the same each time, each result
    /// has the timestamp of the record it comes from, time never goes back and is never early, and calls come to an
    /// end.</summary>
    /// <param name="create">Makes a fresh operator.</param>
    /// <param name="input">What it takes.</param>
    /// <param name="expected">What it must give, in order.</param>
    /// <param name="makesTime">Whether it makes timestamps and watermarks of its own, whatever comes in.</param>
    /// <param name="restores">False for functions that keep something in their fields, which no snapshot holds.</param>
    /// <param name="anyOrder">Whether the order of the results may be another one after a restore; with times of its
    /// own, always.</param>
    /// <exception cref="OperatorContractException">It does not keep its contract.</exception>
    internal static void Verify<TIn, TOut>(
        Func<Output<TOut>, StreamOperator<TIn>> create,
        IReadOnlyList<TIn> input,
        IReadOnlyList<TOut> expected,
        bool makesTime = false,
        bool restores = true,
        bool anyOrder = false)
    {
        if (!makesTime)
        {
            VerifyAll(new OperatorCase<TIn, TOut>(
                create, input, expected, Timestamps: null, makesTime, restores, anyOrder));
        }

        // Out of order by some places, so that a result that takes its neighbour's timestamp is seen.
        var random = new Random(input.Count);
        long[] timestamps = [.. input.Select((_, i) => (i * 10L) + random.Next(35))];
        VerifyAll(new OperatorCase<TIn, TOut>(create, input, expected, timestamps, makesTime, restores, anyOrder));
    }

    /// <summary>As above, and with another parallelism after each call: split over two subtasks, over
    /// three, and merged again, all of them must give what one gives, in any order.</summary>
    /// <param name="create">Makes a fresh operator for some key groups.</param>
    /// <param name="keyGroup">The key group of a record.</param>
    /// <param name="keyGroups">Number of key groups.</param>
    /// <param name="input">What it takes.</param>
    /// <param name="expected">What it must give, in order.</param>
    /// <param name="anyOrder">Whether the order of the results may be another one after a restore.</param>
    /// <exception cref="OperatorContractException">It does not keep its contract.</exception>
    internal static void VerifyKeyed<TIn, TOut>(
        Func<KeyGroupRange, Output<TOut>, StreamOperator<TIn>> create,
        Func<TIn, int> keyGroup,
        int keyGroups,
        IReadOnlyList<TIn> input,
        IReadOnlyList<TOut> expected,
        bool anyOrder = false)
    {
        var all = new KeyGroupRange(0, keyGroups);
        Verify(output => create(all, output), input, expected, anyOrder: anyOrder);
        using var rescaled = new RescaledRun<TIn, TOut>(create, keyGroup, keyGroups);
        List<TOut> results = rescaled.Run(
            [.. input.Select((record, i) => (record, i * 10L))],
            [.. input.Select((_, i) => i % 3 == 2 ? (i * 10L) - 5 : RecordBatch.NoWatermark)]);
        if (!OperatorRun<TIn, TOut>.SameInAnyOrder(results, expected))
        {
            throw new OperatorContractException(
                "rescaled after each call",
                $"it gave {string.Join(", ", results.Take(50))}; {string.Join(", ", expected.Take(50))} is right");
        }
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
                    if (!given.IsInAnyOrder)
                    {
                        run.VerifySameTimestamps(oneByOne);
                    }
                }
            }
        }

        if (given.Restores)
        {
            VerifyRestored(given, oneByOne);
        }
    }

    private static void VerifyRestored<TIn, TOut>(OperatorCase<TIn, TOut> given, OperatorRun<TIn, TOut> oneByOne)
    {
        foreach (Func<int, bool> room in RestoredRooms)
        {
            foreach (int batch in BatchSizes[..3])
            {
                new OperatorRun<TIn, TOut>(given, batch, outputSize: 2, room, Restarts.Late).Verify();
                var run = new OperatorRun<TIn, TOut>(given, batch, outputSize: 2, room, Restarts.EachStep);
                run.Verify();
                if (!given.AnyOrder)
                {
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
/// <param name="Restores">Whether all it keeps is part of its snapshots.</param>
/// <param name="AnyOrder">Whether the order of the results may be another one after a restore.</param>
internal sealed record OperatorCase<TIn, TOut>(
    Func<Output<TOut>, StreamOperator<TIn>> Create,
    IReadOnlyList<TIn> Input,
    IReadOnlyList<TOut> Expected,
    long[]? Timestamps,
    bool MakesTime,
    bool Restores,
    bool AnyOrder)
{
    /// <summary>Whether results may come in another order also without a restore: watermarks, which stand at random
    /// places, decide when some of them come.</summary>
    public bool IsInAnyOrder => AnyOrder && MakesTime;
}
