using System.Collections.Immutable;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Checkpointing.Statistics;

/// <summary>Which subtask has told its part of a checkpoint when, and what that cost.</summary>
internal sealed class ToldParts
{
    private readonly Dictionary<VertexId, SortedDictionary<int, SubtaskPart>> _parts = [];

    /// <summary>A subtask has told its part.</summary>
    /// <param name="attempt">The subtask.</param>
    /// <param name="after">From the beginning of the checkpoint to then.</param>
    /// <param name="part">What it told; null when it had finished.</param>
    public void Add(ExecutionAttemptId attempt, TimeSpan after, SubtaskCheckpoint? part)
    {
        if (!_parts.TryGetValue(attempt.Vertex, out SortedDictionary<int, SubtaskPart>? vertex))
        {
            _parts.Add(attempt.Vertex, vertex = []);
        }

        vertex[attempt.Subtask] = new SubtaskPart(
            attempt.Subtask, after, part?.Times, part?.State?.Length ?? 0, part?.InFlightBytes ?? 0);
    }

    /// <summary>All parts, by vertex of the plan.</summary>
    public ImmutableArray<VertexCheckpoint> Show(JobGraph plan) => [.. plan.Vertices.Select(Show)];

    private VertexCheckpoint Show(JobVertex vertex)
    {
        ImmutableArray<SubtaskPart> parts = _parts.TryGetValue(vertex.Id, out var told) ? [.. told.Values] : [];
        CheckpointTimes[] times = [.. parts.Select(static part => part.Times).OfType<CheckpointTimes>()];
        return new VertexCheckpoint(
            vertex.Id,
            vertex.Name,
            vertex.Parallelism,
            parts.Length,
            parts.Select(static part => part.After).DefaultIfEmpty().Max(),
            new CheckpointTimes(
                times.Select(static one => one.Alignment).DefaultIfEmpty().Max(),
                times.Select(static one => one.Synchronous).DefaultIfEmpty().Max(),
                times.Select(static one => one.Asynchronous).DefaultIfEmpty().Max()),
            parts.Sum(static part => part.Bytes),
            parts.Sum(static part => part.InFlightBytes),
            parts);
    }
}
