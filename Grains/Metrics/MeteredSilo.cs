namespace Millrace.Metrics;

/// <summary>Where the instruments of a silo read. From any thread; nothing here takes a lock that a loop
/// takes.</summary>
/// <param name="Name">The silo's name.</param>
/// <param name="Subtasks">Those that have not ended.</param>
/// <param name="Silo">The silo as a whole.</param>
/// <param name="Time">The clock.</param>
internal sealed record MeteredSilo(
    string Name, Func<IReadOnlyList<SubtaskReading>> Subtasks, Func<SiloReading> Silo, TimeProvider Time)
{
    /// <summary>Jobs whose grains are here. Default: none.</summary>
    public Func<IReadOnlyCollection<JobReading>> Jobs { get; init; } = static () => [];
}
