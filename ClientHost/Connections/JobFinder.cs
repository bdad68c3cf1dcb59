using System.Collections.Immutable;
using Millrace.Jobs;
using Millrace.Programs;

namespace Millrace.Connections;

/// <summary>Finds a job by its id or the first digits of it.</summary>
internal static class JobFinder
{
    private const int MostNamed = 5;

    /// <exception cref="UsageException">The text cannot be the beginning of an id.</exception>
    /// <exception cref="JobNotFoundException">The cluster does not know the id.</exception>
    /// <exception cref="JobChoiceException">No job, or several, begin with these digits.</exception>
    public static async Task<JobHandle> FindAsync(
        ClusterCalls calls, string text, CancellationToken cancellationToken)
    {
        if (text.Length is 0 or > Id128.Digits || !text.All(char.IsAsciiHexDigitLower))
        {
            throw new UsageException(
                $"'{text}' is no job id: up to {Id128.Digits} digits 0-9 and a-f are needed, as 'millrace list' shows "
                + "them.");
        }

        if (text.Length == Id128.Digits)
        {
            return new JobHandle(calls, JobId.Parse(text), text);
        }

        ImmutableArray<JobOverview> jobs = await calls.CallAsync(
            (grains, token) => grains.Dispatcher().ListAsync(token), cancellationToken);
        JobOverview[] found = [.. jobs.Where(job => job.Job.ToString().StartsWith(text, StringComparison.Ordinal))];
        return found.Length switch
        {
            1 => new JobHandle(calls, found[0].Job, found[0].Name),
            0 => throw new JobChoiceException($"The cluster has no job whose id begins with '{text}'."),
            _ => throw new JobChoiceException(
                $"{found.Length} jobs have ids that begin with '{text}': "
                + $"{string.Join(", ", found.Take(MostNamed).Select(job => $"{job.Job} ({job.Name})"))}"
                + $"{(found.Length > MostNamed ? " and more" : "")}. Give more digits."),
        };
    }
}
