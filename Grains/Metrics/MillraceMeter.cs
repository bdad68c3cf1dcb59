using System.Diagnostics.Metrics;

namespace Millrace.Metrics;

/// <summary>The meter of one silo. docs/metrics.md lists its instruments.</summary>
/// <remarks>
/// Every instrument is made once and asks, when it is collected, which subtasks there are: a subtask shows from its
/// deployment to its end, and nothing is left of it then. While nobody collects, nothing is done.
/// </remarks>
internal static class MillraceMeter
{
    /// <summary>What collectors ask for.</summary>
    public const string Name = "Millrace";

    /// <summary>Makes the meter with all its instruments; it lives as long as the factory.</summary>
    /// <param name="meters">Of the silo; asked once.</param>
    /// <param name="silo">What the instruments read.</param>
    public static void Create(IMeterFactory meters, MeteredSilo silo)
    {
        Meter meter = meters.Create(new MeterOptions(Name));
        SharedReading<IReadOnlyList<SubtaskReading>> subtasks = new(silo.Subtasks, silo.Time);
        new SubtaskInstruments(meter, subtasks).Add();
        new EdgeInstruments(meter, subtasks).Add();
        new SiloInstruments(meter, silo).Add();
        new JobInstruments(meter, silo).Add();
    }
}
