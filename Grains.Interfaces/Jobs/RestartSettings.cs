namespace Millrace.Jobs;

/// <summary>What a job does when a subtask fails and running again could help.</summary>
/// <param name="Strategy">Which strategy; the other members belong to it.</param>
/// <param name="Attempts">For <see cref="RestartStrategyKind.FixedDelay"/>: most restarts, from 1.</param>
/// <param name="Delay">For <see cref="RestartStrategyKind.FixedDelay"/>: from the failure to the restart.</param>
[GenerateSerializer, Immutable, Alias("millrace.RestartSettings")]
public sealed record RestartSettings(
    [property: Id(0)] RestartStrategyKind Strategy,
    [property: Id(1)] int Attempts,
    [property: Id(2)] TimeSpan Delay)
{
    /// <summary>The first failure ends the job.</summary>
    public static readonly RestartSettings None = new(RestartStrategyKind.None, 0, TimeSpan.Zero);

    /// <summary>
    /// A number of restarts, each after the same delay. Without checkpoints each begins from scratch.
    /// </summary>
    /// <param name="attempts">From 1.</param>
    /// <param name="delay">Not negative.</param>
    public static RestartSettings FixedDelay(int attempts, TimeSpan delay) =>
        new(RestartStrategyKind.FixedDelay, attempts, delay);
}

/// <summary>Kinds of restart strategies.</summary>
public enum RestartStrategyKind
{
    /// <summary>The first failure ends the job.</summary>
    None,

    /// <summary>A number of restarts, each after the same delay.</summary>
    FixedDelay,
}
