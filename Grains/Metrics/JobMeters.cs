using System.Collections.Concurrent;

namespace Millrace.Metrics;

/// <summary>What the jobs whose grains are on this silo show of themselves. From any thread.</summary>
internal sealed class JobMeters
{
    private readonly ConcurrentDictionary<string, JobReading> _jobs = new(StringComparer.Ordinal);

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<JobReading> Readings => [.. _jobs.Values];

    /// <summary>A job shows new figures.</summary>
    public void Set(JobReading reading) => _jobs[reading.Job] = reading;

    /// <summary>A job has ended, or its grain is elsewhere.</summary>
    public void Remove(string job) => _jobs.TryRemove(job, out _);
}

/// <summary>The figures of one job.</summary>
/// <param name="Job">Its id.</param>
/// <param name="Name">Its name.</param>
internal sealed record JobReading(string Job, string Name)
{
    /// <summary>Checkpoints that were completed by whoever is in charge.</summary>
    public long CompletedCheckpoints { get; init; }

    /// <summary>Checkpoints that failed under whoever is in charge.</summary>
    public long FailedCheckpoints { get; init; }

    /// <summary>How long the latest completed one took; null before the first.</summary>
    public TimeSpan? LastDuration { get; init; }

    /// <summary>State in the latest completed one, in bytes; null before the first.</summary>
    public long? LastBytes { get; init; }
}
