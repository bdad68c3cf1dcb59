namespace Millrace.Measuring;

/// <summary>Something that can be measured by its name.</summary>
/// <param name="Name">Name on the command line and in the table.</param>
internal abstract record Benchmark(string Name)
{
    /// <summary>Measures. What cannot be measured gives a verdict that is not valid, never one that holds.</summary>
    public abstract Verdict Run();
}

/// <summary>Millrace and what it is measured against, doing the same work.</summary>
/// <param name="Name">Name on the command line and in the table.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Bar">Least ratio of Millrace to the reference that holds, or null where nothing is promised.</param>
/// <param name="Millrace">One run of Millrace.</param>
/// <param name="Reference">One run of the reference.</param>
internal sealed record Contest(
    string Name, string Unit, double? Bar, Func<Sample> Millrace, Func<Sample> Reference) : Benchmark(Name)
{
    /// <summary>Whether rates are by elapsed time instead of processor time.</summary>
    public bool ByElapsedTime { get; init; }

    /// <summary>Runs of both sides before anything is measured.</summary>
    public int WarmUps { get; init; } = 2;

    /// <summary>What counts of a run.</summary>
    public double RateOf(Sample sample) => ByElapsedTime ? sample.Units / sample.Elapsed.TotalSeconds : sample.Rate;

    /// <inheritdoc/>
    public override Verdict Run() => Referee.Judge(this);
}
