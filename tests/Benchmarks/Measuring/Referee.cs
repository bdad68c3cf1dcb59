namespace Millrace.Measuring;

/// <summary>Runs both sides in turn, several times, and judges by the median of the ratios.</summary>
/// <remarks>
/// The machine is shared: absolute times mean little, and a round in which the reference strays is a round in which
/// something else was going on. Such rounds are run again, a bounded number of times; what still strays then makes the
/// verdict invalid, and no bar counts as held by it.
/// </remarks>
internal static class Referee
{
    private const int Rounds = 7;
    private const int MaxRounds = 28;
    private const double MaxStray = 0.15;

    public static Verdict Judge(Contest contest)
    {
        for (int i = 0; i < contest.WarmUps; i++)
        {
            contest.Reference();
            contest.Millrace();
        }

        List<(Sample Millrace, Sample Reference)> rounds = [];
        for (int i = 0; i < MaxRounds && Steady(contest, rounds).Count < Rounds; i++)
        {
            rounds.Add((contest.Millrace(), contest.Reference()));
        }

        List<(Sample Millrace, Sample Reference)> steady = Steady(contest, rounds);
        bool valid = steady.Count >= Rounds;
        return Verdict(contest, valid ? steady : rounds, valid);
    }

    private static Verdict Verdict(Contest contest, List<(Sample Millrace, Sample Reference)> rounds, bool valid)
    {
        double[] ratios = [.. rounds.Select(round =>
            contest.RateOf(round.Millrace) / contest.RateOf(round.Reference)).Order()];
        double ratio = Median(ratios);
        return new Verdict(
            contest.Name,
            Median(rounds.Select(round => contest.RateOf(round.Millrace))),
            Median(rounds.Select(round => contest.RateOf(round.Reference))),
            contest.Unit,
            ratio,
            (ratios[^1] - ratios[0]) / ratio,
            rounds.Sum(round => (round.Millrace.Processor + round.Reference.Processor).TotalSeconds),
            contest.Bar,
            valid,
            valid && contest.Bar is double bar ? ratio >= bar : null);
    }

    private static List<(Sample Millrace, Sample Reference)> Steady(
        Contest contest, List<(Sample Millrace, Sample Reference)> rounds)
    {
        if (rounds.Count == 0)
        {
            return [];
        }

        double median = Median(rounds.Select(round => contest.RateOf(round.Reference)));
        return [.. rounds.Where(round => Math.Abs((contest.RateOf(round.Reference) / median) - 1) <= MaxStray)];
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        int middle = ordered.Length / 2;
        return ordered.Length % 2 == 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
    }
}
