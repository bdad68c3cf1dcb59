using System.Collections.Immutable;

namespace Millrace.Jobs;

/// <summary>Makes lines of a list out of jobs.</summary>
internal static class JobOverviews
{
    public static JobOverview Of(JobDetails details) => new(
        details.Job,
        details.Name,
        details.Status,
        details.History[0].At,
        details.Status.IsTerminal() ? details.History[^1].At : null,
        Count(details),
        Error: null);

    /// <summary>How many subtasks are in which state.</summary>
    public static ImmutableArray<SubtaskCount> Count(JobDetails details) =>
    [
        .. details.Vertices
            .SelectMany(static vertex => vertex.Subtasks)
            .CountBy(static subtask => subtask.State)
            .OrderBy(static count => count.Key)
            .Select(static count => new SubtaskCount(count.Key, count.Value)),
    ];
}
