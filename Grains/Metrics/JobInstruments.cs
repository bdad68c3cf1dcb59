using System.Diagnostics.Metrics;

namespace Millrace.Metrics;

/// <summary>What each job shows, on the silo that its grain is on.</summary>
internal sealed class JobInstruments(Meter meter, MeteredSilo silo)
{
    public void Add()
    {
        Counter("completed", "Checkpoints completed.", static job => job.CompletedCheckpoints);
        Counter("failed", "Checkpoints that failed.", static job => job.FailedCheckpoints);
        meter.CreateObservableGauge(
            "millrace.job.checkpoints.duration",
            () =>
                from job in silo.Jobs()
                let duration = job.LastDuration
                where duration is not null
                select new Measurement<double>(duration.Value.TotalSeconds, Tags(job)),
            "s",
            "How long the latest completed checkpoint took.");
        meter.CreateObservableGauge(
            "millrace.job.checkpoints.size",
            () =>
                from job in silo.Jobs()
                let bytes = job.LastBytes
                where bytes is not null
                select new Measurement<long>(bytes.Value, Tags(job)),
            "By",
            "State in the latest completed checkpoint.");
    }

    private void Counter(string name, string description, Func<JobReading, long> figure) =>
        meter.CreateObservableCounter(
            $"millrace.job.checkpoints.{name}",
            () => silo.Jobs().Select(job => new Measurement<long>(figure(job), Tags(job))),
            "{checkpoint}",
            description);

    private KeyValuePair<string, object?>[] Tags(JobReading job) =>
    [
        new(MetricTags.Silo, silo.Name),
        new(MetricTags.Job, job.Job),
        new(MetricTags.JobName, job.Name),
    ];
}
