using Millrace.Jobs;
using Millrace.Output;
using Millrace.Tasks;

namespace Millrace.Runs;

/// <summary>Turns a job's counters into rates, from one change of the counters to the next.</summary>
/// <remarks>The job hears of its subtasks' counters from time to time only; looked at more often, they stand still
/// and then leap.</remarks>
internal sealed class VertexRates(TimeProvider time)
{
    /// <summary>Counters that stand still for longer do stand still.</summary>
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(3);

    private readonly Dictionary<VertexId, (VertexRate Rate, long At)> _last = [];

    /// <returns>In the order of the job's vertices. Rates are zero until the counters have changed.</returns>
    public IReadOnlyList<VertexRate> Take(JobDetails job) => [.. job.Vertices.Select(Take)];

    private VertexRate Take(VertexDetails vertex)
    {
        long now = time.GetTimestamp();
        var rate = new VertexRate(
            vertex.Name,
            vertex.Subtasks.Count(subtask => subtask.State == ExecutionState.Running),
            vertex.Parallelism,
            vertex.Subtasks.Sum(subtask => subtask.Metrics?.RecordsIn ?? 0),
            vertex.Subtasks.Sum(subtask => subtask.Metrics?.RecordsOut ?? 0),
            InPerSecond: 0,
            OutPerSecond: 0);
        if (!_last.TryGetValue(vertex.Vertex, out (VertexRate Rate, long At) last))
        {
            _last[vertex.Vertex] = (rate, now);
            return rate;
        }

        TimeSpan elapsed = time.GetElapsedTime(last.At, now);
        bool isSame = rate.RecordsIn == last.Rate.RecordsIn && rate.RecordsOut == last.Rate.RecordsOut;
        if (elapsed == TimeSpan.Zero || (isSame && elapsed < Standstill))
        {
            return rate with { InPerSecond = last.Rate.InPerSecond, OutPerSecond = last.Rate.OutPerSecond };
        }

        rate = rate with
        {
            InPerSecond = PerSecond(rate.RecordsIn - last.Rate.RecordsIn),
            OutPerSecond = PerSecond(rate.RecordsOut - last.Rate.RecordsOut),
        };
        _last[vertex.Vertex] = (rate, now);
        return rate;

        // A restarted subtask counts from zero again.
        double PerSecond(long records) => Math.Max(0, records) / elapsed.TotalSeconds;
    }
}

/// <summary>How one vertex gets on.</summary>
/// <param name="Name">The vertex.</param>
/// <param name="Running">Subtasks that run.</param>
/// <param name="Tasks">All its subtasks.</param>
/// <param name="RecordsIn">Records taken in so far.</param>
/// <param name="RecordsOut">Records sent or written so far.</param>
/// <param name="InPerSecond">Since the look before.</param>
/// <param name="OutPerSecond">Since the look before.</param>
internal sealed record VertexRate(
    string Name, int Running, int Tasks, long RecordsIn, long RecordsOut, double InPerSecond, double OutPerSecond)
{
    public override string ToString() =>
        $"{Name}: {Running}/{Tasks} running, in {Texts.Number(RecordsIn)} ({Texts.Number((long)InPerSecond)}/s), "
        + $"out {Texts.Number(RecordsOut)} ({Texts.Number((long)OutPerSecond)}/s)";
}
