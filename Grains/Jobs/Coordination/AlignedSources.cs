using Millrace.Tasks;

namespace Millrace.Jobs.Coordination;

/// <summary>How far the sources of a job have come that wait for each other, by group. Belongs to whoever runs the
/// job.</summary>
internal sealed class AlignedSources
{
    private readonly Dictionary<string, Dictionary<Reader, Pace>> _groups = [];

    /// <summary>A subtask tells how far it is. What an attempt tells after a later one, or after its end, changes
    /// nothing.</summary>
    /// <returns>The least watermark of its group; the greatest number when nobody is waited for.</returns>
    public long Align(AlignmentReport report)
    {
        if (!_groups.TryGetValue(report.Group, out Dictionary<Reader, Pace>? group))
        {
            _groups.Add(report.Group, group = []);
        }

        Reader reader = new(report.Source, report.Attempt.Vertex, report.Attempt.Subtask);
        if (!group.TryGetValue(reader, out Pace known)
            || report.Attempt.Attempt > known.Attempt
            || (report.Attempt.Attempt == known.Attempt && !known.HasEnded))
        {
            group[reader] = new Pace(report.Attempt.Attempt, report.Watermark, HasEnded: false);
        }

        long least = long.MaxValue;
        foreach (Pace pace in group.Values)
        {
            least = Math.Min(least, pace.Watermark);
        }

        return least;
    }

    /// <summary>A subtask has ended: nobody waits for it.</summary>
    public void End(ExecutionAttemptId attempt)
    {
        foreach (Dictionary<Reader, Pace> group in _groups.Values)
        {
            foreach ((Reader reader, Pace pace) in group)
            {
                if (reader.Vertex == attempt.Vertex
                    && reader.Subtask == attempt.Subtask
                    && pace.Attempt <= attempt.Attempt)
                {
                    group[reader] = new Pace(attempt.Attempt, long.MaxValue, HasEnded: true);
                }
            }
        }
    }

    private readonly record struct Reader(OperatorId Source, VertexId Vertex, int Subtask);

    private readonly record struct Pace(int Attempt, long Watermark, bool HasEnded);
}
