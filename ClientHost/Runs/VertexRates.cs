using Millrace.Jobs;
using Millrace.Output;
using Millrace.Tasks;

namespace Millrace.Runs;

/// <summary>Turns a job's counters into rates, from one look to the next.</summary>
internal sealed class VertexRates(TimeProvider time)
{
    private readonly Dictionary<VertexId, (long In, long Out)> _last = [];
    private long _lastLook;

    /// <returns>In the order of the job's vertices. Rates are zero at the first look.</returns>
    public IReadOnlyList<VertexRate> Take(JobDetails job)
    {
        long now = time.GetTimestamp();
        double seconds = _last.Count == 0 ? 0 : time.GetElapsedTime(_lastLook, now).TotalSeconds;
        _lastLook = now;
        return [.. job.Vertices.Select(vertex => Take(vertex, seconds))];
    }

    private VertexRate Take(VertexDetails vertex, double seconds)
    {
        long recordsIn = vertex.Subtasks.Sum(subtask => subtask.Metrics?.RecordsIn ?? 0);
        long recordsOut = vertex.Subtasks.Sum(subtask => subtask.Metrics?.RecordsOut ?? 0);
        (long In, long Out) last = _last.GetValueOrDefault(vertex.Vertex, (recordsIn, recordsOut));
        _last[vertex.Vertex] = (recordsIn, recordsOut);
        return new VertexRate(
            vertex.Name,
            vertex.Subtasks.Count(subtask => subtask.State == ExecutionState.Running),
            vertex.Parallelism,
            recordsIn,
            recordsOut,
            PerSecond(recordsIn - last.In),
            PerSecond(recordsOut - last.Out));

        // A restarted subtask counts from zero again.
        double PerSecond(long records) => seconds > 0 ? Math.Max(0, records) / seconds : 0;
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
