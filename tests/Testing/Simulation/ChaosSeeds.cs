using System.Globalization;

namespace Millrace.Simulation;

/// <summary>Which seeds are run, so that a failing one can be run again.</summary>
/// <remarks><c>MILLRACE_CHAOS_SEED_BASE</c> is the first one, <c>MILLRACE_CHAOS_SEEDS</c> their number.</remarks>
internal static class ChaosSeeds
{
    /// <summary>The seeds.</summary>
    /// <param name="count">How many, when the environment does not say.</param>
    public static IReadOnlyList<int> Of(int count) =>
        [.. Enumerable.Range(Number("MILLRACE_CHAOS_SEED_BASE", 0), Number("MILLRACE_CHAOS_SEEDS", count))];

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number)
            ? number
            : otherwise;
}
