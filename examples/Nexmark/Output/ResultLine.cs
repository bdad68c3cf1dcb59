using Millrace.Functions;
using Millrace.Jobs;

namespace Millrace.Examples.Nexmark.Output;

/// <summary>The result of a query in one line: <c>q0 rows=92000 hash=da4bb48c30c09a81</c>.</summary>
public static class ResultLine
{
    /// <summary>The line for a job that has finished.</summary>
    /// <param name="query">The query.</param>
    /// <param name="result">What is left of its job.</param>
    public static string Of(string query, JobResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        string line = query;
        if (Find(result, ResultNames.Rows) is long rows)
        {
            line += FormattableString.Invariant($" rows={rows}");
        }

        if (Find(result, ResultNames.Hash) is long hash)
        {
            line += FormattableString.Invariant($" hash={hash:x16}");
        }

        return line;
    }

    /// <summary>The value of an accumulator, or null when the job has none of that name.</summary>
    public static long? Find(JobResult result, string name)
    {
        ArgumentNullException.ThrowIfNull(result);
        foreach (AccumulatorValue accumulator in result.Accumulators)
        {
            if (accumulator.Name == name)
            {
                return accumulator.Long;
            }
        }

        return null;
    }
}
