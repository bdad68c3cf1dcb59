using System.Globalization;
using Millrace.Examples.Nexmark.Output;
using Millrace.Jobs;

namespace Millrace.Examples.Nexmark.Running;

/// <summary>What a query came to: a line of the table.</summary>
/// <param name="Query">The query.</param>
/// <param name="Events">Read by the source.</param>
/// <param name="Elapsed">From the submission to the end.</param>
/// <param name="Processor">Processor time of the job's loops, on all silos.</param>
/// <param name="Rows">Of the result, or changes to it where they went into the black hole.</param>
/// <param name="Hash">Of the rows, or null.</param>
internal sealed record QueryFigures(
    string Query, long Events, TimeSpan Elapsed, TimeSpan Processor, long? Rows, long? Hash)
{
    private const long NanosecondsPerTick = 100;

    /// <summary>Names of the columns.</summary>
    public static string Header =>
        $"{"query",-5} {"events/s",11} {"events/s/core",13} {"rows",11} {"hash",16} {"CPU s",8}";

    /// <summary>The figures of a job that has finished.</summary>
    public static QueryFigures Of(string query, JobResult result, JobDetails details)
    {
        IEnumerable<SubtaskDetails> subtasks = details.Vertices.SelectMany(vertex => vertex.Subtasks);
        long nanoseconds = subtasks.Sum(subtask => subtask.Metrics?.ProcessorNanoseconds ?? 0);
        return new QueryFigures(
            query,
            details.Vertices[0].Subtasks.Sum(subtask => subtask.Metrics?.RecordsIn ?? 0),
            result.RunTime,
            TimeSpan.FromTicks(nanoseconds / NanosecondsPerTick),
            ResultLine.Find(result, ResultNames.Rows),
            ResultLine.Find(result, ResultNames.Hash));
    }

    /// <summary>A line as long as the header.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Query,-5} {Rate(Elapsed),11:N0} {Rate(Processor),13:N0} {Rows,11:N0} {Hash,16:x16} "
        + $"{Processor.TotalSeconds,8:N2}");

    private double Rate(TimeSpan time) => time > TimeSpan.Zero ? Events / time.TotalSeconds : 0;
}
