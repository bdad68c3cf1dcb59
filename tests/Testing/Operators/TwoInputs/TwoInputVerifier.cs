namespace Millrace.Operators.TwoInputs;

/// <summary>Runs an operator with two inputs in every way a loop may run it, under random interleavings of its
/// inputs.</summary>
internal static class TwoInputVerifier
{
    /// <summary>Number of key groups of each run.</summary>
    public const int KeyGroups = 12;

    private const int Seeds = 6;

    private static readonly Func<int, bool>[] Rooms = [_ => true, asked => asked % 2 == 1, asked => asked % 5 == 4];

    /// <summary>In batches and one by one, with an output that refuses, saved and restored after each step, rescaled,
    /// saved and written some steps later;
    /// the inputs interleaved at random with watermarks at random places: the results must be those expected, and in
    /// the same order whatever is done at one interleaving; none may come behind a watermark that says it would
    /// not.</summary>
    /// <exception cref="OperatorContractException">The operator does not keep its contract.</exception>
    public static void Verify<TLeft, TRight, TOut>(TwoInputCase<TLeft, TRight, TOut> given)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            IReadOnlyList<TOut> oneByOne = Run(given, seed, together: false, _ => true, Restarts.None);
            foreach (Func<int, bool> room in Rooms)
            {
                RequireSame(oneByOne, Run(given, seed, together: true, room, Restarts.None), seed);
                RequireSame(oneByOne, Run(given, seed, together: true, room, Restarts.Late), seed);
                IReadOnlyList<TOut> restored = Run(given, seed, together: true, room, Restarts.EachStep);
                if (!given.AnyOrder)
                {
                    RequireSame(oneByOne, restored, seed);
                }

                Run(given, seed, together: true, room, Restarts.Rescaled);
            }
        }
    }

    private static IReadOnlyList<TOut> Run<TLeft, TRight, TOut>(
        TwoInputCase<TLeft, TRight, TOut> given, int seed, bool together, Func<int, bool> room, Restarts restarts) =>
        new TwoInputRun<TLeft, TRight, TOut>(given, seed, together, room, restarts).Verify();

    private static void RequireSame<T>(IReadOnlyList<T> oneByOne, IReadOnlyList<T> results, int seed)
    {
        if (!oneByOne.SequenceEqual(results))
        {
            throw new OperatorContractException(
                $"interleaving {seed}", "the same steps gave the results in another order than one by one");
        }
    }
}
