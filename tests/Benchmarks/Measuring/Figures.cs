namespace Millrace.Measuring;

/// <summary>What a row of figures comes to.</summary>
internal static class Figures
{
    /// <summary>The value in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        int middle = ordered.Length / 2;
        return ordered.Length % 2 == 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
    }

    /// <summary>From the least to the largest, as a share of the median.</summary>
    public static double Spread(IReadOnlyCollection<double> values) => (values.Max() - values.Min()) / Median(values);

    /// <summary>The rounds whose reference stays within 15 % of the median.</summary>
    public static IReadOnlyList<T> Steady<T>(IReadOnlyList<T> rounds, Func<T, double> reference)
    {
        if (rounds.Count == 0)
        {
            return rounds;
        }

        double median = Median(rounds.Select(reference));
        return [.. rounds.Where(round => Math.Abs((reference(round) / median) - 1) <= 0.15)];
    }
}
