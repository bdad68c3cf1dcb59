using System.Diagnostics.Metrics;

namespace Millrace.Metrics;

/// <summary>What a silo shows of itself.</summary>
internal sealed class SiloInstruments(Meter meter, MeteredSilo silo)
{
    private readonly KeyValuePair<string, object?>[] _tags = [new(MetricTags.Silo, silo.Name)];

    public void Add()
    {
        Gauge("workers", "{thread}", "Threads that run loops.", static reading => reading.Workers);
        Gauge("loops", "{loop}", "Loops that have not ended.", static reading => reading.Loops);
        Gauge("subtasks", "{subtask}", "Subtasks that have not ended.", static reading => reading.Subtasks);
        Gauge("batches", "{batch}", "Batches in use.", static reading => reading.Batches);
        Gauge("buffers", "{buffer}", "Blocks of bytes in use.", static reading => reading.Buffers);
        Gauge("connections", "{connection}", "Connections of the exchange.", static reading => reading.Connections);
        Gauge("slots", "{slot}", "All slots.", static reading => reading.Slots);
        Gauge("slots.free", "{slot}", "Slots nobody has.", static reading => reading.FreeSlots);
        Gauge("copies.bytes", "By", "Copies of checkpointed state.", static reading => reading.CopiedBytes);
        Counter(
            "failures",
            "{failure}",
            "Subtasks that have failed since the silo started.",
            static reading => reading.Failures);
        Counter(
            "restored.copies",
            "{file}",
            "Files of checkpoints that were read from copies on the silo's disk.",
            static reading => reading.RestoredCopies);
        Counter(
            "restored.files",
            "{file}",
            "Files of checkpoints that were read from where they are kept.",
            static reading => reading.RestoredFiles);
    }

    private void Counter(string name, string unit, string description, Func<SiloReading, long> figure) =>
        meter.CreateObservableCounter(
            $"millrace.silo.{name}",
            () => new Measurement<long>(figure(silo.Silo()), _tags),
            unit,
            description);

    private void Gauge(string name, string unit, string description, Func<SiloReading, long> figure) =>
        meter.CreateObservableGauge(
            $"millrace.silo.{name}",
            () => new Measurement<long>(figure(silo.Silo()), _tags),
            unit,
            description);
}
